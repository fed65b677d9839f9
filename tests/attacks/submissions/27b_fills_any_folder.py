"""Row 27: every folder that takes a file, /, /dev, /run, /proc among them: no more than 256 MiB fit into all of them."""

# cell: ask
import os


def ask(host, port):
    written, folders = 0, []
    for top, below, _ in os.walk("/"):
        if top in ("/proc", "/usr"):
            below.clear()
        path = os.path.join(top, "filled-27")
        try:
            with open(path, "xb", buffering=0) as file:
                folders.append(top)
                while written < 400 << 20 and (size := file.write(b"x" * (1 << 20))):
                    written += size
        except OSError:
            pass
    told = "little" if written <= 256 << 20 else "more than 256 MiB"
    raise RuntimeError(f"written: {told}; folders: {folders[:6]}")
