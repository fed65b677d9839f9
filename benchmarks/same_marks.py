"""Does honest work get the same marks in trusted grading as under stock nbgrader? Every program of tests/students.

    uv run python benchmarks/same_marks.py [--only PART]

The class is graded twice: by `autograder grade`, and by `nbgrader autograde` with nbgrader's own preprocessors, which
run students' code with your rights. Printed are the programs, the checks compared, the differences, and the seconds
that each took, trusted grading with one submission at a time as nbgrader does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import exercise
from attacks import stock as stock_nbgrader
from conftest import ROOT

from autograder import grading, notebooks, release
from autograder.course import Course

Marks = dict[tuple[str, str, str], float]
"""The points by assignment, student and check."""


def build(root: Path, settings: str, only: str) -> Course:
    """A course with these settings, every assignment released and every student's notebook handed in."""
    course = Course(root)
    root.mkdir()
    (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    shutil.copytree(ROOT / "source", root / "source")
    release.publish(course, [])
    for assignment in exercise.assignments():
        for student in exercise.students(assignment):
            if only in str(student):
                notebook = notebooks.read(course.release / assignment / f"{assignment}.ipynb")
                exercise.write_into(notebook, student.source)
                path = course.submitted / student.name / assignment / f"{assignment}.ipynb"
                path.parent.mkdir(parents=True)
                notebooks.write(notebook, path)
    return course


def marks(course: Course, assignment: str, students: tuple[str, ...]) -> Marks:
    """What the gradebook says."""
    exercises = grading.exercises_of(notebooks.read(course.source / assignment / f"{assignment}.ipynb"))
    return {
        (assignment, student, mark.check): mark.points
        for student in students
        for mark in grading._marks(course, assignment, student, exercises)
    }


def stock(course: Course, assignment: str) -> None:
    """Grade with nbgrader's own command."""
    words = [sys.executable, "-m", "nbgrader", "autograde", assignment, "--create"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with release.generated(course, [assignment], record=True):
        pass
    subprocess.run(words, cwd=course.root, env=os.environ | {"PATH": path}, capture_output=True, check=True)


def main() -> int:
    """Grade the class twice and compare; the exit status is 1 if a mark differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", metavar="PART", help="programs whose ASSIGNMENT/NAME holds this")
    only = options.parse_args().only
    with tempfile.TemporaryDirectory() as folder:
        ours = build(Path(folder).resolve() / "ours", (ROOT / "nbgrader_config.py").read_text(encoding="utf-8"), only)
        settings = stock_nbgrader.settings(ROOT / "nbgrader_config.py") + stock_nbgrader.ADDING
        theirs = build(Path(folder).resolve() / "theirs", settings, only)
        found: tuple[Marks, Marks] = ({}, {})
        seconds = [0.0, 0.0]
        for assignment in exercise.assignments():
            if not (students := ours.students(assignment)):
                continue
            begun = time.monotonic()
            grading.grade(ours, assignment, feedback=False, jobs=1)
            middle = time.monotonic()
            stock(theirs, assignment)
            seconds = [seconds[0] + middle - begun, seconds[1] + time.monotonic() - middle]
            found[0].update(marks(ours, assignment, students))
            found[1].update(marks(theirs, assignment, students))
    different = [f"{'/'.join(key)}: {found[0].get(key)}, stock {mark}" for key, mark in found[1].items()
                 if found[0].get(key) != mark]  # fmt: skip
    programs = len({key[:2] for key in found[1]})
    print("\n".join(different))
    print(f"{programs} programs, {len(found[1]):,} checks, {len(different)} different")
    print(f"trusted {seconds[0]:.0f} s, stock {seconds[1]:.0f} s, ratio {seconds[0] / seconds[1]:.2f}")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
