"""Row 33: never connects: it sleeps for thirty years."""

# cell: ask
import time


def ask(host, port):
    time.sleep(10**9)
