"""Grading: from what a class handed in to marks in the gradebook and feedback pages.

Owns the order of the steps for each student, what a result is, and setting a submission aside for a person.
Must not know the terminal: who shows the results and the progress is given as a function.

A submission that cannot be graded never stops the others and never becomes a zero: it is set aside, with
the reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import execution, gradebook, notebooks, release, submission, trusted
from autograder.course import Course, UsageError
from autograder.verdict import Store

KEPT = "(the gradebook keeps the earlier marks)"
WITHOUT = (
    "To grade all the same, with the grader's own rights for students' code: --no-sandbox. Every page will say so."
)

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
    sandboxed: bool = True,
    jobs: int | None = None,
) -> tuple[Result, ...]:
    """Grade these students' submissions, or everyone's, again if they were graded before.

    So many `jobs` are executed at a time, as many as there are processors if that is not said; what was executed
    before is not executed again. Students who are not in the gradebook are added. Raises UsageError for an unknown
    assignment or student, when nothing was handed in, when the assignment itself cannot be generated, and when there
    is no sandbox, unless `sandboxed` is false.
    """
    course.chosen([assignment])
    chosen = _chosen_students(course, assignment, tuple(students))
    options = gradebook.options(course)
    sandboxed = sandboxed and options.get("sandbox", True)
    if sandboxed and (reason := trusted.refusal(course.root)):
        raise UsageError(f"nothing was graded: {reason}\n{WITHOUT}")
    with release.generated(course, [assignment], record=True):
        pass  # the gradebook now knows this assignment's cells and points as they are in source/
    exercises = exercises_of(notebooks.read(course.source / assignment / f"{assignment}.ipynb"))
    trusted.faults.clear()
    jobs = jobs or os.cpu_count() or 1
    _execute_all(course, assignment, chosen, progress, options, sandboxed=sandboxed, jobs=jobs)
    return tuple(
        _grade_one(course, assignment, student, exercises, feedback=feedback, sandboxed=sandboxed) for student in chosen
    )


def _execute_all(
    course: Course,
    assignment: str,
    students: tuple[str, ...],
    progress: Progress,
    options: Mapping[str, Any],
    *,
    sandboxed: bool,
    jobs: int,
) -> None:
    """Reach every verdict, many at a time; nbgrader, which takes one after the other, then finds them all."""
    with gradebook.opened(course) as book:
        copy, known = trusted.instructors(book, assignment, assignment, course.source / assignment)
    ignored, most = gradebook.ignored(course), trusted.limits_of(options.get("limits", {}))
    store = Store(course.root / options.get("verdicts", trusted.VERDICTS))

    def execute(student: str) -> None:
        folder = course.submitted / student / assignment
        try:
            handed_in = submission.read(folder / f"{assignment}.ipynb", course.root)
        except submission.SetAside:
            return
        made = trusted.rebuilt(handed_in, copy, known)
        if submission.why_set_aside(made):
            return
        beside = trusted.beside(folder, course.source / assignment, ignored)
        task = trusted.task(made, beside, student, most, sandboxed=sandboxed)
        try:
            execution.obtain(task, store, student=student, assignment=assignment)
        except execution.Faulty as fault:  # it is told when its turn comes
            trusted.faults[task.name] = str(fault)

    with ThreadPoolExecutor(jobs) as pool:
        started = {pool.submit(execute, student): student for student in students}
        for done, future in enumerate(as_completed(started)):
            progress(done, len(students), started[future])
            future.result()
    progress(len(students), len(students), "")


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
    course: Course, assignment: str, student: str, exercises: Mapping[str, str], *, feedback: bool, sandboxed: bool
) -> Result:
    graded_before = _is_graded(course, assignment, student)
    try:
        path = course.submitted / student / assignment / f"{assignment}.ipynb"
        if not path.exists():
            submission.read(path, course.root)  # it says what is there instead
        gradebook.convert("Autograde", course, assignment, student=student, sandboxed=sandboxed)
        if feedback:
            gradebook.convert("GenerateFeedback", course, assignment, student=student)
        set_aside = _reason(course, assignment, student)
    except (UsageError, submission.SetAside, gradebook.ConversionError) as reason:
        if graded_before:
            return Result(student, assignment, set_aside=f"{reason} {KEPT}")
        _forget(course, assignment, student)
        return Result(student, assignment, set_aside=str(reason))
    page = course.feedback / student / assignment / f"{assignment}.html" if feedback else None
    if set_aside:
        kept = f" {KEPT}" if graded_before else ""
        return Result(student, assignment, feedback=page, set_aside=set_aside + kept)
    return Result(student, assignment, _marks(course, assignment, student, exercises), page)


def _reason(course: Course, assignment: str, student: str) -> str:
    """Why a graded submission was set aside; "" if it was not."""
    path = course.autograded / student / assignment / f"{assignment}.ipynb"
    return submission.why_set_aside(notebooks.read(path))


def _is_graded(course: Course, assignment: str, student: str) -> bool:
    with gradebook.opened(course) as book:
        return any(
            grade.auto_score is not None
            for handed_in in book.assignment_submissions(assignment)
            if handed_in.student.id == student
            for notebook in handed_in.notebooks
            for grade in notebook.grades
        )


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
