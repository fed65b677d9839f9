"""Row 33: never connects: it stops itself with SIGSTOP."""

# cell: ask
import os
import signal


def ask(host, port):
    os.kill(os.getpid(), signal.SIGSTOP)
    return "noon"
