"""Row 31: a CPU spin in the server, at the highest priority it can get."""

# cell: echo-server
import os


def echo_server(host, port):
    for act in (
        lambda: os.nice(-20),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
        lambda: os.sched_setaffinity(0, range(os.cpu_count())),
    ):
        try:
            act()
        except OSError:
            pass
    while True:
        pass
