"""Every assignment against its students: right programs pass every check, wrong ones lose just what they got wrong.

What the first check that fails tells a wrong program's author is a golden file, tests/feedback/ASSIGNMENT/NAME.txt;
`pytest tests/test_students.py --record` writes them anew, and whoever does that reads the difference.
"""

from __future__ import annotations

import pytest
from conftest import ROOT
from exercise import STUDENTS, Student, assignments, cells, filled_in, run, students, untouched
from golden import same_on_every_run

from autograder import feedback, mistakes
from autograder.check import CheckFailed
from autograder.steady import steady

FEEDBACK = ROOT / "tests" / "feedback"
EVERYBODY = [student for assignment in assignments() for student in students(assignment)]
RIGHT = [student for student in EVERYBODY if student.name.startswith("correct")]
WRONG = [student for student in EVERYBODY if student not in RIGHT]


@pytest.fixture(autouse=True)
def _same_payloads(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)


def _failed(outcomes: dict[str, BaseException | None]) -> dict[str, BaseException]:
    return {check: error for check, error in outcomes.items() if error is not None}


@pytest.mark.parametrize("assignment", assignments())
def test_the_reference_solution_passes_every_check(assignment):
    assert not _failed(run(cells(assignment)))


@pytest.mark.parametrize("assignment", assignments())
def test_the_untouched_stub_passes_no_check(assignment):
    outcomes = run(untouched(cells(assignment)))
    assert _failed(outcomes).keys() == outcomes.keys()


@pytest.mark.parametrize("student", RIGHT, ids=str)
def test_a_right_program_passes_every_check(student: Student):
    if "os.fork" in student.source:
        pytest.importorskip("fcntl", reason="this system has no fork")
    assert not student.fails
    assert not _failed(run(filled_in(cells(student.assignment), student)))


@pytest.mark.parametrize("student", WRONG, ids=str)
def test_a_wrong_program_fails_just_its_checks_and_is_told_why(student: Student, record_feedback: bool):
    failed = _failed(run(filled_in(cells(student.assignment), student)))
    assert tuple(failed) == student.fails
    first = next(iter(failed.values()))
    assert isinstance(first, CheckFailed)
    exchange = steady(first.exchange)
    findings = mistakes.recognise(exchange)
    told = feedback.as_text(exchange, findings)
    golden = FEEDBACK / student.assignment / f"{student.name}.txt"
    known = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if record_feedback and same_on_every_run(told) != same_on_every_run(known):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(told, encoding="utf-8")
        known = told
    assert [finding.mistake.number for finding in findings[:1]] == ([student.named] if student.named else [])
    assert same_on_every_run(told) == same_on_every_run(known)


def test_every_wrong_program_has_its_feedback_and_no_feedback_is_left_over():
    kept = {f"{path.parent.name}/{path.stem}" for path in FEEDBACK.glob("*/*.txt")}
    assert kept == {str(student) for student in WRONG}


def test_every_assignment_has_right_programs_in_at_least_three_styles():
    for assignment in assignments():
        assert sum(student.assignment == assignment for student in RIGHT) >= 3


def test_every_student_says_in_its_first_line_what_it_is():
    for path in STUDENTS.glob("*/*.py"):
        start = "Right" if path.stem.startswith("correct") else ("Mistake ", "Not one of the sixty")
        assert path.read_text(encoding="utf-8").removeprefix('"""').startswith(start), path.name
