"""What several test modules use: programs of the system that may be missing, and a tiny course to try tools on."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import notebooks, release, trusted
from autograder.__main__ import main
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


@pytest.fixture(scope="session")
def sandbox_needed() -> None:
    """The sandbox: the test is skipped where the system has none, but fails in CI."""
    if reason := trusted.refusal():
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture
def autograder(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs the command line with these words, in a folder, and returns what came of it."""

    def run(*words: str | Path, at: Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(at)
        monkeypatch.setenv("COLUMNS", "160")
        capfd.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        output, errors = capfd.readouterr()
        return subprocess.CompletedProcess(words, status, output, errors)

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


def fill_in(notebook: notebooks.Notebook, answer: str) -> None:
    """Fill a release in as a student does: each function under its statement, imports and helpers above the first."""
    texts = {part: ast.get_source_segment(answer, part) or "" for part in ast.parse(answer).body}
    solutions = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    asked = {cell.id: set(re.findall(r"(?m)^def (\w+)", cell.source)) for cell in solutions}
    wanted = set().union(*asked.values())
    rest = [text for part, text in texts.items() if getattr(part, "name", "") not in wanted]
    for cell in solutions:
        theirs = [text for part, text in texts.items() if getattr(part, "name", "") in asked[cell.id]]
        cell.source = "\n\n\n".join([*rest, *theirs])
        rest = []


def make_tiny_course(root: Path) -> Course:
    """A course with the real settings and one tiny assignment, 01-tiny; nothing is released yet."""
    course = Course(root.resolve())
    (course.source / "01-tiny").mkdir(parents=True)
    shutil.copyfile(ROOT / "nbgrader_config.py", course.root / "nbgrader_config.py")
    notebooks.write(tiny_notebook(), course.source / "01-tiny" / "01-tiny.ipynb")
    return course


@pytest.fixture
def tiny_course(tmp_path: Path) -> Course:
    """A tiny course of the test's own, not yet released."""
    return make_tiny_course(tmp_path / "course")


@pytest.fixture(scope="session")
def _released_once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_tiny_course(tmp_path_factory.mktemp("released") / "course")
    release.publish(course, [])
    return course


@pytest.fixture
def released(_released_once: Course, tmp_path: Path) -> Course:
    """A tiny course of the test's own with 01-tiny released, and the gradebook that knows it."""
    shutil.copytree(_released_once.root, tmp_path / "course")
    return Course(tmp_path.resolve() / "course")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record` writes golden feedback anew instead of only comparing it, `--pictures` the docs' screenshots."""
    parser.addoption("--pictures", action="store_true", help="write the screenshots of docs/ anew; then look at them")
    parser.addoption("--record", action="store_true", help="write tests/feedback anew; then read the difference")


@pytest.fixture
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Path]:
    """Where a screenshot of this name goes: to docs/ with `--pictures`, else to the test's own folder."""
    folder = ROOT / "docs" if request.config.getoption("--pictures") else tmp_path
    return lambda name: folder / name


@pytest.fixture
def record_feedback(request: pytest.FixtureRequest) -> bool:
    """Whether golden feedback is to be written anew."""
    return bool(request.config.getoption("--record"))
