"""Row 25: descriptors, opened until there are no more."""

# cell: after echo-server
import os

honest = echo_server


def echo_server(host, port):
    kept = [os.open("/dev/null", os.O_RDONLY) for _ in range(20_000)]
    honest(host, port)
    kept.clear()
