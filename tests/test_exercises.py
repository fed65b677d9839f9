"""The sixty mistakes: a program that makes each fails one check and is told its name; right ones pass them all.

Programs with another fault ("Not one of the sixty") are told what was seen, and no name. They were written by people
who had not read the detectors, and the detectors were not changed for the last ten of them.
"""

from __future__ import annotations

import ast

import mistakes_page
import pytest
from conftest import ROOT
from exercise import Student, assignments, cells, exercises, students
from verdicts import right_passes, solution_passes, stub_fails, wrong_is_told

EXERCISES = [exercise for exercise in exercises() if exercise not in assignments()]
EVERYBODY = [student for exercise in EXERCISES for student in students(exercise)]
RIGHT = [student for student in EVERYBODY if not student.fails]
WRONG = [student for student in EVERYBODY if student.fails]

SERVERS = ("greet", "welcome", "echo", "carry", "answer", "mirror", "swap", "bounce")
"""The exercises' servers that can be written in any style (`one_guest` serves one client at a time by its nature)."""


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_solution_passes_every_check(exercise: str):
    solution_passes(exercise)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_untouched_stub_passes_no_check(exercise: str):
    stub_fails(exercise)


@pytest.mark.parametrize("student", RIGHT, ids=str)
def test_a_right_program_passes_every_check(student: Student):
    right_passes(student)


@pytest.mark.parametrize("student", WRONG, ids=str)
def test_a_wrong_program_fails_one_check_and_is_told_its_mistake(student: Student, record_feedback: bool):
    assert len(student.fails) == 1 or student.named is None
    wrong_is_told(student, record_feedback)


def test_there_is_a_program_for_each_of_the_sixty():
    assert {student.named for student in WRONG} >= set(range(1, 61))


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_has_right_programs_in_at_least_five_styles(server: str):
    written = [student for student in RIGHT if server in _functions(student.source)]
    assert len(written) >= 5, [str(student) for student in written]


def _functions(source: str) -> set[str]:
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def test_a_student_defines_only_what_its_exercise_asks_for_and_what_that_needs():
    for student in EVERYBODY:
        asked = set().union(*(_functions(cell.source) for cell in cells(student.assignment) if cell.solution))
        assert asked & _functions(student.source), student


def test_the_page_of_the_sixty_is_up_to_date():
    page = ROOT / "docs" / "mistakes.md"
    assert page.read_text(encoding="utf-8") == mistakes_page.page(), "run: uv run python tests/mistakes_page.py"
