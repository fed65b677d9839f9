"""Row 40: a daemonised child that holds stdout, stderr and every other descriptor, and never ends."""

# cell: after echo-server
import os

honest = echo_server


def echo_server(host, port):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.read(os.pipe()[0], 1)
        os._exit(0)
    os.wait()
    honest(host, port)
