"""Row 24: memory that no process maps: anonymous files, 60 MiB each, and System V segments, detached again."""

# cell: after ask
import ctypes
import os

honest = ask


def files():
    for number in range(50):  # 3 GB; if no wall stops it, the machine is spared
        socket.socket().close()  # seen by the harness: work goes on
        descriptor = os.memfd_create(f"kept-{number}")
        for _ in range(60):
            if os.write(descriptor, b"x" * (1 << 20)) < 1 << 20:
                raise MemoryError("a short write")


def segments():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    for _ in range(50):
        socket.socket().close()
        segment = libc.shmget(0, 60 << 20, 0o1600)
        place = libc.shmat(segment, None, 0)
        if segment < 0 or place in (None, ctypes.c_void_p(-1).value):
            raise MemoryError("no segment")
        ctypes.memset(place, 1, 60 << 20)
        libc.shmdt(ctypes.c_void_p(place))


def ask(host, port):
    files()
    segments()
    return honest(host, port)
