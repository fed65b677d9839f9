"""Row 41: hangs in atexit, in `__del__` and in a thread that is waited for, after the right answer."""

# cell: after ask
import atexit
import threading

honest = ask


class Clinging:
    def __del__(self):
        threading.Event().wait()


def ask(host, port):
    line = honest(host, port)
    atexit.register(threading.Event().wait)
    threading.Thread(target=threading.Event().wait).start()
    globals()["kept"] = Clinging()
    return line
