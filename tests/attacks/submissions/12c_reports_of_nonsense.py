"""Row 12: nonsense among the reports: wrong types, missing fields, nesting without end, other people's processes."""

# cell: after echo-server
import json
import os

honest = echo_server
LINES = [b"[" * 100_000, b'{"e": ' * 10_000, b"\xff\xfe\x00", b"null", b"7", b'"text"', b"NaN", b'{"e": "call"}', b"\x00" * 5000]
LINES += [b'{"e": "end", "pid": 1, "n": 1e999, "t1": "x"}', b'{"e": "call", "pid": [], "name": {}, "s": -1}']
LINES += [b'{"e": "start", "pid": "1"}', b'{"e": "start", "pid": 1e400}', b'{"e": "thread crash", "pid": -1}']
LINES += [json.dumps({"e": "fork", "pid": number, "parent": 1}).encode() for number in range(1, 3000)]


def echo_server(host, port):
    for line in LINES:
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, line + b"\n")
            except OSError:
                pass
    honest(host, port)
