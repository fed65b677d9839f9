"""Row 10: helper files overwritten: the autograder's, Python's, the system's, the virtual environment's."""

# cell: double
import glob
import os
import shutil
import socket as standard
import sys

wanted = [standard.__file__, os.__file__, sys.executable, "/etc/passwd", "/etc/hosts", "/etc/resolv.conf", "/bin/sh"]
wanted += [found for name in ("bwrap", "setpriv", "mount") if (found := shutil.which(name))]
for folder in filter(os.path.isdir, sys.path):
    wanted += glob.glob(os.path.join(folder, "autograder", "**", "*.py"), recursive=True)
    wanted += glob.glob(os.path.join(folder, "*.pth"))
    wanted.append(folder)


def open_to_writing(path):
    """Whether the file, or a new one in the folder, can be written. It is left as it was."""
    mine = os.path.join(path, "attacked-10")
    try:
        if os.path.isdir(path):
            os.close(os.open(mine, os.O_CREAT | os.O_WRONLY))
            os.unlink(mine)
        else:
            os.close(os.open(path, os.O_RDWR))
    except OSError:
        return False
    return True


HOMES = (os.path.expanduser("~"), "/tmp", os.getcwd(), "")
writable = [path for path in wanted if path not in HOMES and open_to_writing(path)]


def double(x):
    raise RuntimeError(f"writable: {len(writable)}; {writable[:5]}; tried: {len(wanted)}")
