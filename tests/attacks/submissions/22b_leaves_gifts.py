"""Row 22: gifts left for the next submission wherever something stays: folders, shared memory, queues, abstract names."""

# cell: after double
import _socket
import ctypes
import os

for top in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/home", "/dev", "/dev/mqueue", os.getcwd(), "/proc"):
    try:
        with open(os.path.join(top, "gift-7301"), "w") as file:
            file.write("what I found out")
    except OSError:
        pass
libc = ctypes.CDLL(None)
libc.shmget(7301, 4096, 0o1666)
libc.msgget(7301, 0o1666)
libc.semget(7301, 1, 0o1666)
try:
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    sock.bind("\0gift-7301")
    sock.listen()
except OSError:
    pass
