"""Row 17: the same from a program, which shares more with the reference client than a plain function does."""

# cell: ask
import glob
import os
import re


def ask(host, port):
    mark = re.compile(rb"marker-[0-9]{4}-[a-z]+|SECRET_OF_[A-Z]+")
    found = set(mark.findall(repr(dict(os.environ)).encode()))
    for place in ("environ", "cmdline", "fd/*", "cwd/*", "maps"):
        for path in glob.glob(f"/proc/[0-9]*/{place}"):
            try:
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        found.update(mark.findall(file.read(1_000_000)))
            except OSError:
                pass
    raise RuntimeError(f"secrets: {len(found)}; {sorted(found)}")
