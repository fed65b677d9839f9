"""What several test modules use: programs of the system that may be missing, and a tiny course to try tools on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import notebooks
from autograder.course import Course

ROOT = Path(__file__).resolve().parent.parent
STUB = "# YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture
def program_needed() -> Callable[..., str]:
    """A function that finds a program by one of its names: the test is skipped without it, but fails in CI."""

    def find(*names: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        if os.environ.get("CI"):
            pytest.fail(f"{names[0]} is missing; .ci/run installs it", pytrace=False)
        pytest.skip(f"{names[0]} is not on this machine")

    return find


@pytest.fixture
def autograder() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs the command line with these words in a folder and returns what came of it."""

    def run(*words: str | Path, at: Path, deadline: float = 120.0) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [sys.executable, "-m", "autograder", *map(str, words)]
        environment = {**os.environ, "COLUMNS": "160", "PYTHONUTF8": "1"}
        return subprocess.run(
            command, cwd=at, env=environment, capture_output=True, encoding="utf-8", timeout=deadline, check=False
        )

    return run


def grading_cell(source: str, name: str, **role: object) -> notebooks.Notebook:
    """A cell that nbgrader heeds: `solution=True`, or `grade=True` with `points`."""
    cell = new_code_cell(source, id=name)
    role = {"grade": False, "solution": False, "locked": "grade" in role, "task": False, **role}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, **role}
    return cell


def tiny_notebook() -> notebooks.Notebook:
    """One exercise: double a number; 2 points for a visible check, 3 for a hidden one."""
    solution = "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION"
    hidden = "assert double(0) == 0\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS"
    cells = [
        new_markdown_cell("# Doubling", id="title"),
        grading_cell(solution, "double", solution=True),
        grading_cell("assert double(2) == 4", "double-shown", grade=True, points=2),
        grading_cell(hidden, "double-hidden", grade=True, points=3),
    ]
    return notebooks.normal_form(new_notebook(cells=cells), "exercise")


def hand_in(course: Course, student: str, answer: str | None, assignment: str = "01-tiny") -> Path:
    """Copy the release to a student's folder in submitted/, the stub replaced by the answer unless it is None."""
    path = course.submitted / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = notebooks.read(course.release / assignment / f"{assignment}.ipynb")
    if answer is not None:
        for cell in notebook.cells:
            cell.source = cell.source.replace(STUB, answer)
    notebooks.write(notebook, path)
    return path


@pytest.fixture
def tiny_course(tmp_path: Path) -> Course:
    """A course with the real settings and one tiny assignment, 01-tiny; nothing is released yet."""
    course = Course(tmp_path.resolve() / "course")
    (course.source / "01-tiny").mkdir(parents=True)
    shutil.copyfile(ROOT / "nbgrader_config.py", course.root / "nbgrader_config.py")
    notebooks.write(tiny_notebook(), course.source / "01-tiny" / "01-tiny.ipynb")
    return course
