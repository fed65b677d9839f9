"""Every assignment against its students: right programs pass every check, wrong ones lose just what they got wrong."""

from __future__ import annotations

import pytest
from exercise import STUDENTS, Student, assignments, exercises, students
from verdicts import FEEDBACK, right_passes, solution_passes, stub_fails, wrong_is_told

EVERYBODY = [student for assignment in assignments() for student in students(assignment)]
RIGHT = [student for student in EVERYBODY if not student.fails]
WRONG = [student for student in EVERYBODY if student.fails]


@pytest.mark.parametrize("assignment", assignments())
def test_the_reference_solution_passes_every_check(assignment: str):
    solution_passes(assignment)


@pytest.mark.parametrize("assignment", assignments())
def test_the_untouched_stub_passes_no_check(assignment: str):
    stub_fails(assignment)


@pytest.mark.parametrize("student", RIGHT, ids=str)
def test_a_right_program_passes_every_check(student: Student):
    right_passes(student)


@pytest.mark.parametrize("student", WRONG, ids=str)
def test_a_wrong_program_fails_just_its_checks_and_is_told_why(student: Student, record_feedback: bool):
    wrong_is_told(student, record_feedback)


def test_every_wrong_program_has_its_feedback_and_no_feedback_is_left_over():
    kept = {f"{path.parent.name}/{path.stem}" for path in FEEDBACK.glob("*/*.txt")}
    assert kept == {str(one) for exercise in exercises() for one in students(exercise) if one.fails}


def test_every_assignment_has_right_programs_in_at_least_three_styles():
    for assignment in assignments():
        assert sum(student.assignment == assignment for student in RIGHT) >= 3


def test_every_student_says_in_its_first_line_what_it_is():
    for path in STUDENTS.glob("*/*.py"):
        start = "Right" if path.stem.startswith("correct") else ("Mistake ", "Not one of the sixty")
        assert path.read_text(encoding="utf-8").removeprefix('"""').startswith(start), path.name
