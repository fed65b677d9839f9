"""Row 12: forged reports: the server says that it listens, on every descriptor, and never does."""

# cell: echo-server
import json
import os
import threading
import time


def echo_server(host, port):
    base = {"pid": os.getpid(), "s": 1, "fd": 3, "tid": 1, "line": None, "wait": None, "remote": None}
    base |= {"family": "AF_INET", "type": "SOCK_STREAM", "e": "call"}
    for name in ("socket", "bind", "listen"):
        now = time.monotonic()
        arguments = [["127.0.0.1", port]] if name == "bind" else []
        form = base | {"name": name, "t": now, "t1": now, "args": [], "local": [host, port]}
        for line in (form, form | {"args": [str(one) for one in arguments]}):
            for descriptor in range(256):
                try:
                    os.write(descriptor, json.dumps(line).encode() + b"\n")
                except OSError:
                    pass
    threading.Event().wait()
