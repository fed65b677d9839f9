"""A class in which everybody attacks, but two: the course, what was handed in, and the secrets around it.

Owns the making of the course folder and of each submission. Must not know what comes of grading it.
"""

from __future__ import annotations

import re
import select
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell

from autograder import notebooks, release
from autograder.course import Course

from .table import HERE, Attack

ASSIGNMENT = "90-attacked"
ADA = "ada_lovelace"
UNTOUCHED = "an_untouched_stub"
SECRET = "marker-7301"
"""How every secret begins. The attacks look for this form, and never spell it out."""

LIMITS = {
    "answer_cpu_seconds": 2,
    "answer_seconds": 8,
    "check_seconds": 25,
    "memory": 384 * 1024 * 1024,
    "processes": 128,
}
"""Lower than the usual ones where an attack waits for them; nothing honest comes near these either."""

CLASSMATE = f"{SECRET}-classmate"
VARIABLE = "SECRET_OF_THE_GRADER"
SOURCE = HERE / "assignment" / f"{ASSIGNMENT}.ipynb"


def checks() -> list[str]:
    """The assignment's checks, in order."""
    return [cell.id for cell in notebooks.read(SOURCE).cells if notebooks.is_check(cell)]


def solutions() -> dict[str, str]:
    """The reference solution of each cell, as a student would have written it."""
    cells = [cell for cell in notebooks.read(SOURCE).cells if cell.metadata.get("nbgrader", {}).get("solution")]
    return {cell.id: re.sub(rf"(?m)^.*(?:### |{SECRET}).*\n", "", cell.source + "\n").rstrip() for cell in cells}


def build(root: Path, settings: Path, attackers: Iterable[Attack]) -> Course:
    """A course in this folder with these settings, the assignment released, and everybody's notebook handed in."""
    course = Course(root.resolve())
    (course.source / ASSIGNMENT).mkdir(parents=True)
    text = settings.read_text(encoding="utf-8")
    (course.root / settings.name).write_text(f"{text}\nc.ExecuteTrusted.limits = {LIMITS}\n", encoding="utf-8")
    shutil.copyfile(SOURCE, course.source / ASSIGNMENT / SOURCE.name)
    (course.root.parent / "secret-beside-the-course.txt").write_text(f"{SECRET}-file\n", encoding="utf-8")
    release.publish(course, [ASSIGNMENT])
    _hand_in(course, UNTOUCHED, _released(course))
    _hand_in(course, ADA, _filled_in(course, {"double": f"# {CLASSMATE}\n{solutions()['double']}"}))
    for attack in attackers:
        attack.spoil(_hand_in(course, attack.name, submission(course, attack)))
    return course


def submission(course: Course, attack: Attack) -> notebooks.Notebook:
    """The release filled in with this attack's cells, and right in all others."""
    notebook = _filled_in(course, {part.cell: part.text for part in attack.parts if not part.where})
    for number, part in enumerate(part for part in attack.parts if part.where):
        position = [cell.id for cell in notebook.cells].index(part.cell) + (part.where == "after")
        notebook.cells.insert(position, new_code_cell(part.text, id=f"my-own-{number}"))
    return notebook


def _released(course: Course) -> notebooks.Notebook:
    return notebooks.read(course.release / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


def _filled_in(course: Course, answers: dict[str, str]) -> notebooks.Notebook:
    notebook = _released(course)
    answers = solutions() | answers
    for cell in notebook.cells:
        cell.source = answers.pop(cell.id, cell.source)
    if answers:
        raise ValueError(f"the assignment has no cells {', '.join(answers)}")
    return notebook


def _hand_in(course: Course, student: str, notebook: notebooks.Notebook) -> Path:
    path = course.submitted / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True)
    notebooks.write(notebook, path)
    return path


class Doors:
    """Sockets of the grader's own at which nobody may knock: TCP and UDP on loopback, an abstract and a named one."""

    def __init__(self, folder: Path) -> None:
        self._opened: dict[str, socket.socket] = {}
        self._open("TCP", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self._open("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._open("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0attacked-grader")
        self._open("named", socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "door"))

    def _open(self, name: str, family: int, kind: int, address: Any) -> None:
        self._opened[name] = socket.socket(family, kind)
        self._opened[name].bind(address)
        if kind == socket.SOCK_STREAM:
            self._opened[name].listen()

    def knocked_at(self) -> list[str]:
        """The names of those that somebody connected to, or sent something."""
        ready = select.select([*self._opened.values()], [], [], 0)[0]
        return [name for name, opened in self._opened.items() if opened in ready]

    def close(self) -> None:
        """Close them all."""
        for opened in self._opened.values():
            opened.close()
