"""Row 16: source and hidden tests read: every notebook, database and script on the disk, and IPython's history."""

# cell: double
import os
import re

from IPython import get_ipython

MARK = re.compile(r"marker-[0-9]{4}-[a-z]+")
WANTED = re.compile(r"\.(ipynb|db|sqlite|json|jsonl|txt|md|log)$|^(source|hidden|solution|autograded)")


def marks():
    for top, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(top, name) not in ("/proc", "/sys", "/dev", "/usr")]
        for name in filter(WANTED.search, names):
            path = os.path.join(top, name)
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 5_000_000:
                    with open(path, errors="replace") as file:
                        yield from MARK.findall(file.read())
            except OSError:
                pass
    shell = get_ipython()
    yield from MARK.findall(repr(globals().get("In")))
    try:
        yield from MARK.findall(repr([*shell.history_manager.search("*")]))
    except Exception:  # there is none here
        pass


found = sorted({*marks()})


def double(x):
    raise RuntimeError(f"markers: {len(found)}; {found}")
