"""Row 13: the last cell ends its process."""

# cell: ask
import os


def ask(host, port):
    return "noon"


os._exit(0)
