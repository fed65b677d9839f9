"""`uv run python tests/mistakes_page.py`: writes docs/mistakes.md, the mistakes and what a student sees for each.

Owns that page. Its words are the catalogue's, its examples the golden feedback of the programs that make each mistake;
nothing on it is written by hand but the introduction. tests/test_exercises.py fails while the page is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import ROOT
from exercise import Student, assignments, exercises, students
from verdicts import FEEDBACK

from autograder.finding import Mistake
from autograder.mistakes import mistakes

INTRODUCTION = """\
# The mistakes that the checks know by name

When a check fails, the record of what both sides did is searched for the mistakes below. What is found is named on the
student's screen, with what was seen of it, a hint, and the lecture to reread. A second and a third, stronger hint come
on demand (`from autograder import hint; hint(2)`); none gives the solution. When two mistakes fit, the likelier is
named and the other mentioned. When none fits, the feedback says so, and tells only what was seen.

Numbers 1 to {planned} are the ones that the course was planned with. Each has a program that makes it, is right
otherwise, and fails one check of its exercise (`tests/exercises`). Those from 61 on were found later, where readers
were misled without them.

This page is generated from `autograder/mistakes/catalogue.toml` and from the recorded feedback in `tests/feedback`;
`uv run python tests/mistakes_page.py` writes it anew.
"""

PLANNED = 60
SECTION = re.compile(r"(?m)^── (.*?) ─+$")


def page() -> str:
    """The whole page."""
    shown = _examples()
    found = mistakes()
    groups = [INTRODUCTION.format(planned=PLANNED), _contents(found.values())]
    groups += ["\n".join(_entry(mistake, shown.get(number))) for number, mistake in found.items()]
    return "\n".join(groups)


def _examples() -> dict[int, Student]:
    """For each mistake the program that shows it: of the exercises of its own if there is one."""
    found: dict[int, Student] = {}
    for exercise in sorted(exercises(), key=lambda name: name in assignments()):
        for student in students(exercise):
            if student.named is not None:
                found.setdefault(student.named, student)
    return found


def _contents(found: Iterator[Mistake]) -> str:
    links = [f"[{mistake.number}](#{_anchor(mistake)})" for mistake in found]
    return " · ".join(links) + "\n"


def _title(mistake: Mistake) -> str:
    return f"{mistake.number}. {mistake.name}"


def _anchor(mistake: Mistake) -> str:
    """The link that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", _title(mistake).lower()).replace(" ", "-")


def _entry(mistake: Mistake, student: Student | None) -> Iterator[str]:
    yield f"## {_title(mistake)}\n"
    yield f"{mistake.what}\n"
    if student is not None:
        yield from _seen(student)
    yield from (f"{number}. {hint}" for number, hint in enumerate(mistake.hints, 1))
    yield f"\nReread: {mistake.lecture}.\n"


def _seen(student: Student) -> Iterator[str]:
    """The program, the check that it fails, and the beginning and the finding of what is told then."""
    _, *sections = SECTION.split(golden := _golden(student))
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    headline = golden.partition("\n\n")[0].removeprefix("✗ ").replace("\n", " ")
    evidence = re.search(r"Seen here: (.*?)\nHint 1", told.get("The likely mistake", ""), re.DOTALL)
    where = f"../tests/students/{student.assignment}/{student.name}.py"
    feedback = f"../tests/feedback/{student.assignment}/{student.name}.txt"
    yield f"[A program that makes it]({where}) fails the check `{student.fails[0]}`."
    yield f"[All that its author is told]({feedback}) begins:\n"
    yield f"> {_plain(headline)}"
    if evidence is not None:
        yield f">\n> Seen here: {_plain(evidence[1])}"
    yield "\nThe hints:\n"


def _golden(student: Student) -> str:
    return (FEEDBACK / student.assignment / f"{student.name}.txt").read_text(encoding="utf-8")


def _plain(words: str) -> str:
    """Words as Markdown shows them, on one line."""
    return re.sub(r"([\\`*_<>\[\]])", r"\\\1", " ".join(words.split()))


if __name__ == "__main__":
    (ROOT / "docs" / "mistakes.md").write_text(page(), encoding="utf-8")
