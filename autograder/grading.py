"""Grading: from what a class handed in to marks in the gradebook and feedback pages.

Owns the order of the steps for each student, what a result is, and setting a submission aside for a person.
Must not know the terminal: who shows the results and the progress is given as a function.

A submission that cannot be graded never stops the others and never becomes a zero: it is set aside, with
the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import gradebook, notebooks, release, seed
from autograder.course import Course, UsageError

Progress = Callable[[int, int, str], None]
"""Told before each submission how many are done, of how many, and whose turn it is; at the end with ""."""


@dataclass(frozen=True)
class Mark:
    """What one check gave: the exercise it belongs to, its grade_id, points and the most there are."""

    exercise: str
    check: str
    points: float
    maximum: float


@dataclass(frozen=True)
class Result:
    """One student's grade on one assignment; `set_aside` is why there is none, "" when there is one."""

    student: str
    assignment: str
    marks: tuple[Mark, ...] = ()
    feedback: Path | None = None
    set_aside: str = ""

    @property
    def points(self) -> float:
        """The sum of the marks."""
        return sum(mark.points for mark in self.marks)

    @property
    def maximum(self) -> float:
        """The most that could be had."""
        return sum(mark.maximum for mark in self.marks)

    def by_exercise(self) -> dict[str, tuple[float, float]]:
        """Points and maximum of each exercise, in the notebook's order."""
        sums: dict[str, tuple[float, float]] = {}
        for mark in self.marks:
            points, maximum = sums.get(mark.exercise, (0.0, 0.0))
            sums[mark.exercise] = (points + mark.points, maximum + mark.maximum)
        return sums


def grade(
    course: Course,
    assignment: str,
    students: Iterable[str] = (),
    progress: Progress = lambda done, total, student: None,
    *,
    feedback: bool = True,
) -> tuple[Result, ...]:
    """Grade these students' submissions, or everyone's, again if they were graded before.

    Students who are not in the gradebook are added. Raises UsageError for an unknown assignment or student,
    when nothing was handed in, and when the assignment itself cannot be generated.
    """
    course.chosen([assignment])
    chosen = _chosen_students(course, assignment, tuple(students))
    with release.generated(course, [assignment], record=True):
        pass  # the gradebook now knows this assignment's cells and points as they are in source/
    exercises = exercises_of(notebooks.read(course.source / assignment / f"{assignment}.ipynb"))
    results = []
    for done, student in enumerate(chosen):
        progress(done, len(chosen), student)
        results.append(_grade_one(course, assignment, student, exercises, feedback=feedback))
    progress(len(chosen), len(chosen), "")
    return tuple(results)


def exercises_of(notebook: notebooks.Notebook) -> dict[str, str]:
    """Each check's grade_id with the exercise it belongs to: the nearest solution cell above it."""
    exercise = ""
    found = {}
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if grading.get("solution"):
            exercise = grading["grade_id"]
        if grading.get("grade"):
            found[grading["grade_id"]] = exercise or grading["grade_id"]
    return found


def _chosen_students(course: Course, assignment: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    known = course.students(assignment)
    if not known:
        raise UsageError(
            f"nobody has handed in {assignment}: there is no {course.submitted}/STUDENT/{assignment}.\n"
            f"Put each student's notebook at submitted/STUDENT/{assignment}/{assignment}.ipynb"
        )
    for student in wanted:
        if student not in known:
            raise UsageError(f"there is no submitted/{student}/{assignment}. Handed in by: {', '.join(known)}.")
    return wanted or known


def _grade_one(
    course: Course, assignment: str, student: str, exercises: Mapping[str, str], *, feedback: bool
) -> Result:
    graded_before = _is_graded(course, assignment, student)
    try:
        _readable(course, assignment, student)
        with seed.of(student):
            gradebook.convert("Autograde", course, assignment, student=student)
        if feedback:
            gradebook.convert("GenerateFeedback", course, assignment, student=student)
    except (UsageError, gradebook.ConversionError) as reason:
        if graded_before:
            return Result(student, assignment, set_aside=f"{reason} (the gradebook keeps the earlier marks)")
        _forget(course, assignment, student)
        return Result(student, assignment, set_aside=str(reason))
    page = course.feedback / student / assignment / f"{assignment}.html"
    return Result(student, assignment, _marks(course, assignment, student, exercises), page if feedback else None)


def _readable(course: Course, assignment: str, student: str) -> None:
    """Raise UsageError when the submission is no notebook of this assignment."""
    folder = course.submitted / student / assignment
    path = folder / f"{assignment}.ipynb"
    if not path.is_file():
        there = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        raise UsageError(f"no {path.name} was handed in; the folder holds: {', '.join(there) or 'nothing'}.")
    if path.is_symlink() or folder.is_symlink():
        raise UsageError("what was handed in is a link, not a notebook.")
    try:
        notebook = notebooks.read(path)
    except UsageError as error:
        raise UsageError(str(error).replace(f"{path} is", f"{path.name} is")) from None
    if not any(cell.metadata.get("nbgrader", {}).get("solution") for cell in notebook.cells):
        raise UsageError(f"{path.name} has no cell of the assignment in it; was another notebook handed in?")


def _is_graded(course: Course, assignment: str, student: str) -> bool:
    with gradebook.opened(course) as book:
        return any(submission.student.id == student for submission in book.assignment_submissions(assignment))


def _forget(course: Course, assignment: str, student: str) -> None:
    """Take back the empty submission that nbgrader enters before reading the notebook: it would be a zero."""
    with gradebook.opened(course) as book:
        if any(submission.student.id == student for submission in book.assignment_submissions(assignment)):
            book.remove_submission(assignment, student)


def _marks(course: Course, assignment: str, student: str, exercises: Mapping[str, str]) -> tuple[Mark, ...]:
    with gradebook.opened(course) as book:
        grades = {
            grade.name: (float(grade.score), float(grade.max_score))
            for notebook in book.find_submission(assignment, student).notebooks
            for grade in notebook.grades
        }
    return tuple(Mark(exercise, check, *grades[check]) for check, exercise in exercises.items())
