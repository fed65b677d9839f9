"""Row 22: what an earlier submission left is looked for."""

# cell: double
import _socket
import ctypes
import os

libc = ctypes.CDLL(None)
found = [os.path.join(top, name) for top, _, names in os.walk("/") for name in names if name == "gift-7301"]
found += ["shared memory"] * (libc.shmget(7301, 0, 0) >= 0) + ["queue"] * (libc.msgget(7301, 0) >= 0)
found += ["semaphore"] * (libc.semget(7301, 0, 0) >= 0)
sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
found += ["abstract name"] * (sock.connect_ex("\0gift-7301") == 0)
sock.close()


def double(x):
    raise RuntimeError(f"gifts: {len(found)}; {found}")
