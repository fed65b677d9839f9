"""Row 29: output flood by way of the harness: forged reports without end, and a line that never ends."""

# cell: ask
import json
import os
import time


def ask(host, port):
    now = time.monotonic()
    base = {"pid": os.getpid(), "s": 1, "fd": 3, "tid": 1, "line": ["x" * 4000, 1, "y" * 4000], "wait": None}
    base |= {"family": "AF_INET", "type": "SOCK_STREAM", "e": "call", "name": "setsockopt", "t": now, "t1": now}
    base |= {"remote": None, "local": None, "args": ["z" * 4000] * 10}
    flood = (json.dumps(base) + "\n").encode() * 100
    for _ in range(500):
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, flood)
            except OSError:
                pass
    while True:
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, b"never " * 10_000)
            except OSError:
                pass
