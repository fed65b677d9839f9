"""Row 11: other processes are traced, written into, and typed to: ptrace, process_vm_writev, /proc/*/mem, TIOCSTI."""

# cell: double
import ctypes
import fcntl
import os
import termios

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH, PTRACE_DETACH = 16, 17
reached = []
for number in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
    if number in (1, os.getpid()):  # process 1 of a private namespace only waits for its child
        continue
    if libc.ptrace(PTRACE_ATTACH, number, None, None) == 0:
        reached.append(f"traced {number}")
        libc.ptrace(PTRACE_DETACH, number, None, None)
    try:
        os.close(os.open(f"/proc/{number}/mem", os.O_RDWR))
        reached.append(f"memory of {number}")
    except OSError:
        pass
for descriptor in range(64):
    try:
        fcntl.ioctl(descriptor, termios.TIOCSTI, b"#")
        reached.append(f"typed at {descriptor}")
    except OSError:
        pass


def double(x):
    raise RuntimeError(f"reached: {len(reached)}; {reached[:5]}")
