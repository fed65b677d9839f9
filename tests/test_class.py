"""The main job on real input: six students' notebooks of 03-call-flow, from release to marks and feedback pages.

One handed the stub in as it was, two are right in two styles, three made one mistake each. Marks must be the same
under `autograder grade`, stock `nbgrader autograde`, and, for what a student can see, nbgrader's Validate.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import stock as stock_nbgrader
from conftest import ROOT, fill_in
from exercise import Student, cells, students
from nbgrader.validator import Validator

from autograder import gradebook, grading, jupyter, notebooks, release
from autograder.course import Course

ASSIGNMENT = "03-call-flow"
CLASS = {
    "untouched": None,
    "ada": "correct_loop",
    "boris": "correct_asyncio",
    "chen": "no_reuseaddr",
    "dora": "short_read_taken_for_the_end",
    "emil": "reset_kills_it",
}


def student(name: str) -> Student | None:
    return next((one for one in students(ASSIGNMENT) if one.name == CLASS[name]), None)


def hand_in(course: Course, name: str) -> None:
    """Fill the release in, if there is an answer, and hand it in."""
    notebook = notebooks.read(course.release / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    if (answer := student(name)) is not None:
        fill_in(notebook, answer.source)
    path = course.submitted / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True)
    notebooks.write(notebook, path)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("class").resolve()
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    shutil.copytree(ROOT / "source" / ASSIGNMENT, root / "source" / ASSIGNMENT)
    made = Course(root)
    release.publish(made, [ASSIGNMENT])
    for name in CLASS:
        hand_in(made, name)
    return made


@pytest.fixture(scope="module")
def graded(course: Course, sandbox_needed: None) -> dict[str, grading.Result]:
    return {result.student: result for result in grading.grade(course, ASSIGNMENT)}


def lost(result: grading.Result) -> set[str]:
    return {mark.check for mark in result.marks if mark.points < mark.maximum}


def test_nobody_is_set_aside(graded: dict[str, grading.Result]) -> None:
    assert set(graded) == set(CLASS)
    assert not any(result.set_aside for result in graded.values())


def test_the_untouched_stub_gets_nothing(graded: dict[str, grading.Result]) -> None:
    assert graded["untouched"].points == 0
    assert graded["untouched"].maximum > 0


@pytest.mark.parametrize("name", ["ada", "boris"])
def test_right_programs_get_full_marks(graded: dict[str, grading.Result], name: str) -> None:
    assert graded[name].points == graded[name].maximum


@pytest.mark.parametrize("name", ["chen", "dora", "emil"])
def test_a_mistake_costs_its_own_points_and_the_page_names_it(graded: dict[str, grading.Result], name: str) -> None:
    wrong = student(name)
    assert wrong is not None
    assert lost(graded[name]) == set(wrong.fails)
    assert all(mark.points == 0 for mark in graded[name].marks if mark.check in wrong.fails)
    page = graded[name].feedback
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert f"mistake {wrong.named}" in text.lower()
    assert "<svg" in text


def test_pages_hold_no_hidden_test(graded: dict[str, grading.Result]) -> None:
    hidden = {
        line.strip()
        for cell in cells(ASSIGNMENT)
        for line in notebooks.without_hidden_tests(cell.source, "")[1]
        if len(line.strip()) > 20
    }
    shown = {
        line for cell in cells(ASSIGNMENT) for line in notebooks.without_hidden_tests(cell.source, "")[0].splitlines()
    }
    secret = hidden - {line.strip() for line in shown}
    assert secret
    for result in graded.values():
        assert result.feedback is not None
        page = re.sub(r"<[^>]+>", "", result.feedback.read_text(encoding="utf-8"))
        assert not [line for line in secret if line in page]


def test_stock_nbgrader_gives_the_same_marks(course: Course, graded: dict[str, grading.Result], tmp_path: Path) -> None:
    stock = Course(tmp_path.resolve() / "stock")
    shutil.copytree(course.root, stock.root, ignore=shutil.ignore_patterns("gradebook.db", "autograded", "feedback"))
    settings = stock_nbgrader.settings(ROOT / "nbgrader_config.py") + stock_nbgrader.ADDING
    (stock.root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for words in (["generate_assignment", ASSIGNMENT, "--force"], ["autograde", ASSIGNMENT, "--create"]):
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words], cwd=stock.root, env=environment, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr[-3000:]
    exercises = grading.exercises_of(notebooks.read(stock.source / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"))
    with gradebook.opened(stock):
        pass
    for name, result in graded.items():
        marks = grading._marks(stock, ASSIGNMENT, name, exercises)
        assert {mark.check: mark.points for mark in marks} == {mark.check: mark.points for mark in result.marks}


@pytest.mark.parametrize("name", list(CLASS))
def test_validate_agrees_on_what_students_see(course: Course, graded: dict[str, grading.Result], name: str) -> None:
    jupyter.prefer_this_environment()
    path = course.submitted / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    results = Validator().validate(str(path))
    sources = {cell.source: cell for cell in notebooks.read(path).cells}
    failed = {sources[one["source"]].metadata["nbgrader"]["grade_id"] for one in results.get("failed", [])}
    with_hidden = {cell.check for cell in cells(ASSIGNMENT) if notebooks.without_hidden_tests(cell.source, "")[1]}
    assert failed <= lost(graded[name])
    assert failed - with_hidden == lost(graded[name]) - with_hidden
