"""Trusted grading: every program of tests/students gets the marks that its checks give in a notebook of its own.

What stock nbgrader gives is compared in test_class.py for six of them, and for all by benchmarks/same_marks.py.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from exercise import Student, answers, assignments, in_a_notebook, students, write_into

from autograder import gradebook, grading, notebooks, release, sandbox, trusted
from autograder.course import Course, UsageError

pytestmark = pytest.mark.timeout(900)  # half a hundred submissions are graded before the first test

EVERYBODY = [student for assignment in assignments() for student in students(assignment)]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, sandbox_needed: None) -> dict[str, tuple[Course, grading.Result]]:
    """Every student's result and the course that it is in."""
    root = tmp_path_factory.mktemp("everybody").resolve()
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    shutil.copytree(ROOT / "source", root / "source")
    course = Course(root)
    release.publish(course, [])
    found = {}
    for assignment in assignments():
        for student in students(assignment):
            notebook = notebooks.read(course.release / assignment / f"{assignment}.ipynb")
            write_into(notebook, student.source)
            path = course.submitted / student.name / assignment / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True)
            notebooks.write(notebook, path)
        for result in grading.grade(course, assignment, feedback=False):
            found[f"{assignment}/{result.student}"] = (course, result)
    return found


@pytest.mark.parametrize("student", EVERYBODY, ids=str)
def test_marks_are_those_of_the_students_own_notebook(graded, student: Student) -> None:
    course, result = graded[str(student)]
    assert not result.set_aside
    assert tuple(mark.check for mark in result.marks if mark.points == 0) == student.fails
    assert all(mark.points in (0, mark.maximum) for mark in result.marks)
    if student.named is not None:
        path = course.autograded / student.name / student.assignment / f"{student.assignment}.ipynb"
        cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebooks.read(path).cells}
        told = [output.evalue for output in cells[student.fails[0]].outputs if output.output_type == "error"]
        assert f"mistake {student.named}" in told[0].lower()


# --- adversities that the two assignments do not use

HARD = {
    "addresses": ("privileged_port", "reuseport", "backlog_to_refuse"),
    "clients": ("first_address_only", "no_time_out", "one_socket_for_all_attempts"),
    "conversations": ("gone_peer_ends_it",),
    "datagrams": ("connect_taken_for_a_handshake", "refusal_not_caught", "sendto_after_connect"),
    "frames": ("trusts_the_length",),
    "lines": ("no_limit", "sendall_in_the_loop"),
}
"""For each exercise of tests/exercises the students whose checks need most of the sandbox, and the right answer."""


@pytest.fixture(scope="module")
def exercised(tmp_path_factory: pytest.TempPathFactory, sandbox_needed: None) -> dict[str, grading.Result]:
    """The results of these students, and of the reference solution, by exercise and name."""
    root = tmp_path_factory.mktemp("exercises").resolve()
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    course = Course(root)
    for exercise in HARD:
        (course.source / exercise).mkdir(parents=True)
        notebooks.write(in_a_notebook(exercise), course.source / exercise / f"{exercise}.ipynb")
    release.publish(course, [])
    found = {}
    for exercise, names in HARD.items():
        known = {student.name: student for student in students(exercise)}
        for name in ("right", *names):
            notebook = notebooks.read(course.release / exercise / f"{exercise}.ipynb")
            given = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
            for cell, text in zip(given, answers(exercise, known.get(name)), strict=True):
                cell.source = text
            path = course.submitted / name / exercise / f"{exercise}.ipynb"
            path.parent.mkdir(parents=True)
            notebooks.write(notebook, path)
        for result in grading.grade(course, exercise, feedback=False):
            found[f"{exercise}/{result.student}"] = result
    return found


@pytest.mark.parametrize("exercise", HARD)
def test_adversities_meet_programs_in_the_sandbox_as_outside(
    exercised: dict[str, grading.Result], exercise: str
) -> None:
    fails = {student.name: student.fails for student in students(exercise)}
    for name in ("right", *HARD[exercise]):
        result = exercised[f"{exercise}/{name}"]
        assert not result.set_aside
        failed = tuple(mark.check.removeprefix("check-") for mark in result.marks if mark.points == 0)
        assert failed == fails.get(name, ()), name


# --- without a sandbox


@pytest.fixture
def course(tiny_course: Course) -> Course:
    """A class of one, whose answer is right."""
    release.publish(tiny_course, ["01-tiny"])
    notebook = notebooks.read(tiny_course.release / "01-tiny" / "01-tiny.ipynb")
    notebook.cells[1].source = "def double(x):\n    return 2 * x"
    path = tiny_course.submitted / "ada" / "01-tiny" / "01-tiny.ipynb"
    path.parent.mkdir(parents=True)
    notebooks.write(notebook, path)
    return tiny_course


def without_bubblewrap(folder: Path) -> dict[str, str]:
    """An environment in which bwrap is not to be found, and the rest is."""
    for name in ("sh", "env"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return os.environ | {"PATH": f"{folder}{os.pathsep}{Path(sys.executable).parent}"}


def run(course: Course, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=course.root,
        env=without_bubblewrap(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_bubblewrap_nothing_is_graded_and_it_says_what_to_install(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    shown = run(course, folder, "autograder", "grade", "01-tiny")
    assert shown.returncode == 2
    assert "sudo apt-get install bubblewrap" in shown.stderr
    assert "--no-sandbox" in shown.stderr
    assert not course.autograded.exists()


def test_without_bubblewrap_stock_nbgrader_gives_nobody_a_zero(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    with release.generated(course, ["01-tiny"], record=True):
        pass
    shown = run(course, folder, "nbgrader", "autograde", "01-tiny", "--create")
    assert shown.returncode == 1
    assert "sudo apt-get install bubblewrap" in shown.stderr
    assert waiting(course) == {(None, True)}


def waiting(course: Course) -> set[tuple[float | None, bool]]:
    """The gradebook's marks, and whether they wait for a person."""
    with sqlite3.connect(course.gradebook) as database:
        rows = database.execute("select auto_score, needs_manual_grade from grade").fetchall()
    database.close()
    return {(score, bool(waits)) for score, waits in rows}


def test_with_no_sandbox_the_page_and_the_verdict_say_so(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    shown = run(course, folder, "autograder", "grade", "01-tiny", "--no-sandbox")
    assert shown.returncode == 0, shown.stderr
    page = (course.feedback / "ada" / "01-tiny" / "01-tiny.html").read_text(encoding="utf-8")
    assert "5.0 / 5.0" in page
    assert "Graded without a sandbox." in page
    (verdict,) = (course.root / trusted.VERDICTS).glob("??/*.json")
    assert '"sandboxed": false' in verdict.read_text(encoding="utf-8")


@pytest.mark.usefixtures("sandbox_needed")
def test_in_the_sandbox_nothing_says_so(course: Course) -> None:
    (result,) = grading.grade(course, "01-tiny")
    assert result.points == 5
    assert result.feedback is not None
    assert "without a sandbox" not in result.feedback.read_text(encoding="utf-8")


def test_where_bubblewrap_is_forbidden_it_says_what_to_allow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forbidden = tmp_path / "bwrap"
    forbidden.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    forbidden.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert "No permissions to create new namespace" in sandbox.refusal()
    assert "Allow user namespaces" in sandbox.refusal()


def test_grading_says_it_before_anything_else(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusted, "refusal", lambda *_: "bubblewrap is not installed.")
    with pytest.raises(UsageError, match="nothing was graded: bubblewrap is not installed"):
        grading.grade(course, "01-tiny")
    with gradebook.opened(course) as book:
        assert not book.assignment_submissions("01-tiny")


@pytest.mark.usefixtures("sandbox_needed")
def test_the_formgraders_button_grades_in_the_sandbox_too(course: Course) -> None:
    """What the button asks of the server: nbgrader's API, with the course's settings."""
    with release.generated(course, ["01-tiny"], record=True):
        pass
    script = (
        "import json\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "from traitlets.config.loader import PyFileConfigLoader\n"
        "settings = PyFileConfigLoader('nbgrader_config.py', path='.').load_config()\n"
        "print(json.dumps(NbGraderAPI(config=settings).autograde('01-tiny', 'ada')['success']))\n"
    )
    pressed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=course.root, capture_output=True, text=True, check=False
    )
    assert pressed.stdout.strip().endswith("true"), pressed.stdout + pressed.stderr
    assert waiting(course) == {(2.0, False), (3.0, False)}
    (kept,) = (course.root / trusted.VERDICTS).glob("??/*.json")
    assert '"sandboxed": true' in kept.read_text(encoding="utf-8")
