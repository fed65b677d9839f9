"""Row 12: forged columns in the kernel's tables: a process and its threads have names that are no text."""

# cell: after echo-server
import ctypes
import threading

honest = echo_server


def named():
    ctypes.CDLL(None).prctl(15, b"\xff) R 0 \xfe\n(", 0, 0, 0)  # PR_SET_NAME


def wait():
    named()
    threading.Event().wait()


def echo_server(host, port):
    threading.Thread(target=wait, daemon=True).start()
    named()
    honest(host, port)
