"""Row 41: the notebook's own process hangs when it is to end: atexit, `__del__`, a thread, signals ignored."""

# cell: after ask
import atexit
import signal
import sys
import threading


class Clinging:
    def __del__(self):
        while True:
            pass


kept = sys.kept = Clinging()
kept.itself = kept
atexit.register(threading.Event().wait)
threading.Thread(target=threading.Event().wait).start()
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)
