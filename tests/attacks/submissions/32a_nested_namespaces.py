"""Row 32: nested user namespaces, from a program: unshare(2), clone(2), unshare(1), bwrap(1), setns(2)."""

# cell: ask
import ctypes
import os
import subprocess


def ask(host, port):
    found = []
    libc = ctypes.CDLL(None, use_errno=True)
    for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000):
        child = os.fork()
        if child == 0:
            os._exit(0 if libc.unshare(flag) == 0 else 1)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            found.append(f"unshare {flag:#x}")
    for words in (["unshare", "-Ur", "true"], ["unshare", "-Urn", "true"], ["bwrap", "--ro-bind", "/", "/", "true"]):
        try:
            if subprocess.run(words, capture_output=True, timeout=5).returncode == 0:
                found.append(" ".join(words))
        except (OSError, subprocess.TimeoutExpired):
            pass
    for name in ("user", "net", "mnt", "pid"):
        for number in ("1", str(os.getppid())):
            try:
                own = os.readlink(f"/proc/self/ns/{name}")
                if os.readlink(f"/proc/{number}/ns/{name}") != own:
                    descriptor = os.open(f"/proc/{number}/ns/{name}", os.O_RDONLY)
                    if libc.setns(descriptor, 0) == 0:
                        found.append(f"setns {name}")
            except OSError:
                pass
    raise RuntimeError(f"ways in: {len(found)}; {found}")
