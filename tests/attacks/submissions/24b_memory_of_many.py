"""Row 24: memory, taken by many processes, each of which stays modest."""

# cell: after ask
import os

honest = ask


def ask(host, port):
    pipes = []
    for _ in range(30):  # 6 GiB together; if no wall stops it, the machine is spared
        reads, writes = os.pipe()
        if os.fork() == 0:
            kept = bytearray(b"x") * (200 << 20)
            os.write(writes, b"x")
            os.read(os.pipe()[0], len(kept))
        pipes.append(reads)
        os.close(writes)
    if all(os.read(reads, 1) for reads in pipes):
        return honest(host, port)
    raise MemoryError("not all of them could")
