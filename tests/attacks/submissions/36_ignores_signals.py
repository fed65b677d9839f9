"""Row 36: ignores SIGTERM and SIGINT, and blocks every signal that can be blocked."""

# cell: ask
import signal
import threading


def ask(host, port):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    threading.Event().wait()
