"""Row 45: answering from another process: judged on behaviour."""

# cell: after echo-server
import os

honest = echo_server


def echo_server(host, port):
    if os.fork() == 0:
        honest(host, port)
    os.wait()
