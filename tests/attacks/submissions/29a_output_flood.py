"""Row 29: output without end from a program, on all its descriptors."""

# cell: ask
import os


def ask(host, port):
    while True:
        for descriptor in (1, 2):
            os.write(descriptor, b"flood " * 10_000 + b"\n")
