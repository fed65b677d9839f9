"""Row 28: one huge file with nothing in it: ten gigabytes, sparse."""

# cell: after ask
import os

honest = ask


def ask(host, port):
    with open("/tmp/sparse", "wb") as file:
        os.truncate(file.fileno(), 10 << 30)
    return honest(host, port)
