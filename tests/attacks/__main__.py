"""`python -m tests.attacks`: each attack through stock nbgrader and through this course, as a table.

Owns the command, the folder that it works in, and the order of its steps. Must not know how anything is judged.

    python -m tests.attacks                    everything, in a temporary folder
    python -m tests.attacks --folder FOLDER    the same, and what was done there before is not done again
    python -m tests.attacks --list             what the attacks are, without running any

A folder holds `course` (one left by tests/test_attacks.py serves, too) and `stock`; remove it when an attack changes.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder import grading, sandbox
from autograder.course import Course

from . import classroom, comparison, stock
from .classroom import ADA, ASSIGNMENT, UNTOUCHED
from .comparison import FAULTS, Came
from .table import HERE, OUTCOMES, Attack, attacks

AT_A_TIME = 2
OPTION = "add_missing_cells"
NOT_RUN = "not run: it would harm the machine"
SETTINGS = HERE.parent.parent / "nbgrader_config.py"


def main() -> int:
    """Do what the command line says; 1 if there is no sandbox to do it in."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description="The attacks, and what comes of them.")
    parser.add_argument("--folder", type=Path, help="work here, and keep what was done")
    parser.add_argument("--list", action="store_true", help="only tell what the attacks are")
    parser.add_argument("names", nargs="*", help="only these attacks, by the beginning of their names")
    words = parser.parse_args()
    chosen = [one for one in attacks() if one.name.startswith(tuple(words.names) or "")]
    if words.list:
        for attack in chosen:
            print(f"{attack.row:>2}  {attack.name:<36}  {OUTCOMES[attack.outcome]:<24}  {attack.sentence}")
        return 0
    if reason := sandbox.refusal():
        print(f"attacks run behind walls only: {reason}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="attacks-") as temporary:
        for line in report(words.folder or Path(temporary), chosen):
            print(line)
    return 0


@dataclass(frozen=True)
class Run:
    """What came of each student's submission: under stock nbgrader, under it with ADDING, and under this course."""

    stock: dict[str, Came]
    adding: dict[str, Came]
    course: dict[str, Came]


def report(folder: Path, chosen: list[Attack]) -> Iterator[str]:
    """Run these attacks every way, in this folder; then the lines of the report."""
    run = Run(*through_stock(folder / "stock", chosen), through_this_course(folder, chosen))
    yield f"nbgrader {version('nbgrader')}, Python {platform.python_version()}, {platform.system()}.\n"
    for student, points in ((ADA, len(_checks())), (UNTOUCHED, 0)):
        given = f"{run.stock[student].points:g} and {run.course[student].points:g}"
        yield f"`{student}`, due {points}: stock nbgrader and this course give {given}."
    yield ""
    yield from sums(chosen, run)
    yield ""
    yield from lines(chosen, run)


# -- running ------------------------------------------------------------------------------------------------------


def through_stock(folder: Path, chosen: list[Attack]) -> tuple[dict[str, Came], dict[str, Came]]:
    """What stock nbgrader makes of each attack that may be run under it, and of two who attack nothing.

    The second is the same with ADDING, for notebooks that were spoiled; to the others it makes no difference.
    """
    course = _course(folder, stock.build)
    runs = [(student, False) for student in (ADA, UNTOUCHED, *(attack.name for attack in chosen if attack.stock))]
    runs += [(attack.name, True) for attack in chosen if attack.stock and not attack.parts]
    came: tuple[dict[str, Came], dict[str, Came]] = ({}, {})
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = pool.map(lambda run: _answer(folder / "answers", course, *run), runs)
        for number, ((student, adding), answer) in enumerate(zip(runs, answers, strict=True), 1):
            came[adding][student] = comparison.of_stock(student, answer)
            _say(f"stock nbgrader: {number} of {len(runs)}, {student}")
    return came


def _answer(folder: Path, course: Course, student: str, adding: bool) -> dict[str, Any]:
    """The container's answer for a student: the one kept in this folder, or a new one, which is kept then."""
    path = folder / f"{student}{'-adding' if adding else ''}.json"
    if not path.exists():
        answer = stock.grade(course, student, adding=adding)
        folder.mkdir(exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(answer), encoding="utf-8")
        beside.replace(path)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def through_this_course(folder: Path, chosen: list[Attack]) -> dict[str, Came]:
    """What this course's grading makes of these attacks, all in one class."""
    os.environ[classroom.VARIABLE] = f"{classroom.SECRET}-environment"
    course = _course(folder, lambda root, attackers: classroom.build(root, SETTINGS, attackers))
    students = [ADA, UNTOUCHED, *(attack.name for attack in chosen)]
    results = {
        result.student: result
        for result in grading.grade(
            course, ASSIGNMENT, students, lambda done, total, whose: _say(f"this course: {done} of {total}, {whose}")
        )
    }
    classmate = results[ADA].points
    return {
        student: Came(
            {mark.check: mark.points for mark in result.marks},
            result.set_aside,
            result.feedback.read_text(encoding="utf-8") if result.feedback else "",
            classmate,
        )
        for student, result in results.items()
    }


def _course(folder: Path, build: Callable[[Path, list[Attack]], Course]) -> Course:
    """The course in this folder; built under another name first, so that it is there whole or not at all."""
    course = Course(folder.resolve() / "course")
    if not course.root.exists():
        shutil.rmtree(folder / "unfinished", ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        build(folder / "unfinished", attacks()).root.rename(course.root)
    return course


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


# -- telling ------------------------------------------------------------------------------------------------------


def found(attack: Attack, came: Came) -> tuple[str, ...]:
    """The kinds of fault in what came of an attack."""
    checks = _checks()
    return tuple(comparison.faults(attack, came, checks, _never(), len(checks)))


@functools.cache
def _checks() -> list[str]:
    return classroom.checks()


@functools.cache
def _never() -> set[str]:
    return comparison.secrets(attacks())


def sums(chosen: list[Attack], run: Run) -> Iterator[str]:
    """How many attacks make stock nbgrader, and this course, do each thing that should not be."""
    ran = [attack for attack in chosen if attack.stock]
    judged = [
        [found(attack, run.stock[attack.name]) for attack in ran],
        [found(attack, run.adding.get(attack.name, run.stock[attack.name])) for attack in ran],
        [found(attack, run.course[attack.name]) for attack in chosen],
    ]
    counts = [Counter(kind for kinds in each for kind in kinds) for each in judged]
    yield f"| what it does | stock nbgrader | with `{OPTION}` | this course |\n|---|---|---|---|"
    yield f"| attacks run | {len(ran)} | {len(ran)} | {len(chosen)} |"
    for kind, words in FAULTS.items():
        yield f"| {words} ({kind}) | {' | '.join(str(count[kind]) for count in counts)} |"
    yield f"| does any of these | {' | '.join(str(sum(map(bool, each))) for each in judged)} |"


def lines(chosen: list[Attack], run: Run) -> Iterator[str]:
    """The table, in Markdown: a line for each attack."""
    yield "| row | attack | due | stock nbgrader | wrong there | this course | wrong here |"
    yield "|---|---|---|---|---|---|---|"
    for attack in chosen:
        cells = [attack.name.partition("_")[0], attack.sentence.removesuffix("."), _due(attack)]
        cells += _cells_of_stock(attack, run) if attack.stock else (NOT_RUN, "")
        cells += _cells(attack, run.course[attack.name], "set aside")
        yield f"| {' | '.join(map(comparison.cell, cells))} |"


def _cells_of_stock(attack: Attack, run: Run) -> tuple[str, str]:
    told, wrong = _cells(attack, run.stock[attack.name], "not graded")
    if attack.name in run.adding:
        adding, wrong_then = _cells(attack, run.adding[attack.name], "not graded")
        told += f" (`{OPTION}`: {adding})" if adding != told else ""
        wrong += f" (`{OPTION}`: {wrong_then or 'nothing'})" if wrong_then != wrong else ""
    return told, wrong


def _cells(attack: Attack, came: Came, ungraded: str) -> tuple[str, str]:
    return comparison.told(attack, came, len(_checks()), ungraded=ungraded), ", ".join(found(attack, came))


def _due(attack: Attack) -> str:
    if attack.outcome == "Q":
        return OUTCOMES["Q"]
    points = sum(comparison.due(attack, _checks()).values())
    return f"{OUTCOMES[attack.outcome]}: {points:g} of {len(_checks())}"


if __name__ == "__main__":
    sys.exit(main())
