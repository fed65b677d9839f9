"""The table of attacks: what each is, and what must come of it.

Owns the reading of `expected.toml` and of the files in `submissions`. Must not know how anything is graded.

A file of `submissions` is a student's code, cell by cell: a comment `# cell: echo-server` says whose text the lines
below it are, `# cell: after echo-server` (or `before`) puts them into a cell of the student's own. A solution cell that
a file does not name gets the reference solution.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import notebooks

HERE = Path(__file__).resolve().parent
OUTCOMES = {
    "H": "the honest score",
    "Z": "zero, with the reason",
    "T": "a time-out",
    "L": "a limit, named",
    "Q": "set aside for a person",
}
ROWS = range(1, 64)
"""The rows that a submission can be; 64 to 66 are faults of the grader's own (tests/test_resume.py)."""

_PLACE = re.compile(r"# cell: (?:(before|after) )?([a-z-]+)\n")


@dataclass(frozen=True)
class Part:
    """A piece of a file: the text of the cell by this id, or of one put before or after it."""

    cell: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class Attack:
    """One attack: `lost` are the checks, or beginnings of their names, that give nothing; see `expected.toml`.

    `parts` are a student's code; an attack without any spoils the file itself, by the function of `notebooks`.
    """

    name: str
    row: int
    sentence: str
    outcome: str
    lost: tuple[str, ...]
    told: tuple[str, ...]
    never: tuple[str, ...]
    stock: bool
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return self.name

    def loses(self, check: str) -> bool:
        """Whether this check must give nothing."""
        return check.startswith(self.lost) if self.lost else False

    def spoil(self, path: Path) -> None:
        """Do to a notebook handed in what this attack does to the file; nothing if it is one in code."""
        if not self.parts:
            getattr(notebooks, _function(self.name))(path)


def attacks() -> list[Attack]:
    """Every attack of the table, in its order. Raises KeyError for a name with neither a file nor a function."""
    with (HERE / "expected.toml").open("rb") as file:
        table = tomllib.load(file)
    return [_attack(name, **expected) for name, expected in table.items()]


def files() -> list[Path]:
    """The files of `submissions`, in order."""
    return sorted((HERE / "submissions").glob("*.py"))


def functions() -> set[str]:
    """The names of the functions of `notebooks` that are attacks."""
    return {name for name, one in vars(notebooks).items() if (one.__doc__ or "").startswith("Row ")}


def _attack(
    name: str,
    *,
    outcome: str,
    lost: list[str],
    told: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
    stock: bool = True,
) -> Attack:
    file = HERE / "submissions" / f"{name}.py"
    parts: tuple[Part, ...] = ()
    if file.exists():
        said, *_ = text = file.read_text(encoding="utf-8").splitlines(keepends=True)
        parts = tuple(_parts("".join(text)))
    else:
        said = vars(notebooks)[_function(name)].__doc__
    row, _, sentence = said.strip().strip('"').removeprefix("Row ").partition(": ")
    return Attack(name, int(row), sentence, outcome, tuple(lost), tuple(told), tuple(never), stock, parts)


def _function(name: str) -> str:
    return name.partition("_")[2]


def _parts(text: str) -> Iterator[Part]:
    found = [*_PLACE.finditer(text)]
    for place, following in zip(found, [*found[1:], None], strict=True):
        end = following.start() if following else len(text)
        yield Part(place[2], text[place.end() : end].strip("\n"), place[1] or "")
