"""What every exercise is tried with: its own solution, the stub, right programs and wrong ones.

Owns the four claims about an exercise and its students, which test_students.py makes of the assignments and
test_exercises.py of the rest. What the first check that fails tells a wrong program's author is a golden file,
tests/feedback/EXERCISE/NAME.txt; `--record` writes it anew, and whoever does that reads the difference.
"""

from __future__ import annotations

import pytest
from conftest import ROOT
from exercise import Student, cells, filled_in, run, untouched
from golden import same_on_every_run

from autograder import feedback, mistakes
from autograder.check import CheckFailed
from autograder.steady import steady

FEEDBACK = ROOT / "tests" / "feedback"


def _failed(outcomes: dict[str, BaseException | None]) -> dict[str, BaseException]:
    return {check: error for check, error in outcomes.items() if error is not None}


def solution_passes(exercise: str) -> None:
    """The reference solution passes every check."""
    assert not _failed(run(cells(exercise)))


def stub_fails(exercise: str) -> None:
    """The untouched stub passes none."""
    outcomes = run(untouched(cells(exercise)))
    assert _failed(outcomes).keys() == outcomes.keys()


def right_passes(student: Student) -> None:
    """A right program passes every check."""
    if "os.fork" in student.source or "Forking" in student.source:
        pytest.importorskip("fcntl", reason="this system has no fork")
    assert not student.fails
    assert not _failed(run(filled_in(cells(student.assignment), student)))


def wrong_is_told(student: Student, record: bool) -> None:
    """A wrong program fails just the checks it should; its mistake is named, and told as the golden file has it."""
    failed = _failed(run(filled_in(cells(student.assignment), student)))
    assert tuple(failed) == student.fails
    first = next(iter(failed.values()))
    assert isinstance(first, CheckFailed)
    exchange = steady(first.exchange)
    findings = mistakes.recognise(exchange)
    told = feedback.as_text(exchange, findings)
    golden = FEEDBACK / student.assignment / f"{student.name}.txt"
    known = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if record and same_on_every_run(told) != same_on_every_run(known):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(told, encoding="utf-8")
        known = told
    assert [finding.mistake.number for finding in findings[:1]] == ([student.named] if student.named else [])
    assert same_on_every_run(told) == same_on_every_run(known)
