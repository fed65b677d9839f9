"""Row 8: a socket.py that shadows the standard one, and others, wherever a Python might look first."""

# cell: before double
import os
import sys
import tempfile

folders = {os.getcwd(), os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/run", *sys.path}
for folder in filter(None, folders):
    for name in ("socket", "select", "json", "struct", "cloudpickle", "autograder", "IPython", "selectors", "asyncio"):
        try:
            with open(os.path.join(folder, f"{name}.py"), "x") as file:
                file.write("raise SystemExit('shadowed')\n")
        except OSError:
            pass
sys.path.insert(0, os.path.expanduser("~"))
