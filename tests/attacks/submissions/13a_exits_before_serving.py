"""Row 13: `os._exit(0)` before serving."""

# cell: echo-server
import os


def echo_server(host, port):
    os._exit(0)
