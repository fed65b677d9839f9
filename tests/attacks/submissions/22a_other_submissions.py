"""Row 22: other submissions: the folders of the class, from the notebook upwards and everywhere, by name and content."""

# cell: double
import glob
import os
import re

MARK = re.compile(r"marker-[0-9]{4}-[a-z]+|ada[_]lovelace")
PLACES = [f"{'../' * up}{rest}" for up in range(9) for rest in ("*/*.ipynb", "*/*/*.ipynb", "submitted/*", "*/*/*.html")]


def marks():
    for path in {path for place in PLACES for path in glob.glob(place)}:
        yield from MARK.findall(path)
        try:
            if os.path.isfile(path):
                with open(path, errors="replace") as file:
                    yield from MARK.findall(file.read())
        except OSError:
            pass
    for top, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(top, name) not in ("/sys", "/usr")]
        yield from MARK.findall(" ".join([*folders, *names]))


found = sorted({*marks()})


def double(x):
    raise RuntimeError(f"others: {len(found)}; {found}")
