"""Row 12: forged columns in the kernel's tables: a process is called like one."""

# cell: after ask
import ctypes

honest = ask


def ask(host, port):
    ctypes.CDLL(None).prctl(15, b"ctxt_switches", 0, 0, 0)  # PR_SET_NAME
    return honest(host, port)
