"""Row 26: /tmp filled with empty files and links, which take no space."""

# cell: after ask
import os
import tempfile

honest = ask


def ask(host, port):
    folder = tempfile.mkdtemp(dir="/tmp")
    try:
        for number in range(20_000):
            os.symlink("nowhere" * 30, os.path.join(folder, str(number)))
    except OSError:
        pass
    return honest(host, port)
