"""The release: what students get, generated from the instructor's notebooks by nbgrader.

Owns generating it, comparing it with what lies in release/, and looking for leaks.
Must not know about students or grades. Generating always happens in a temporary folder, so a failure leaves
release/ as it was.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import gradebook, notebooks
from autograder.course import Course, UsageError

IGNORED = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.pyc", ".DS_Store")


@dataclass(frozen=True)
class Change:
    """A file in which release/ is not what source/ gives: `what` is new, differs or left over."""

    path: Path
    what: str


@contextmanager
def generated(course: Course, assignments: Iterable[str], *, record: bool) -> Iterator[Path]:
    """A temporary folder with what nbgrader makes of these assignments, each notebook in normal form.

    With `record` the course's gradebook learns the assignments' cells and points; otherwise no gradebook is used.
    Raises UsageError when nbgrader does not finish.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        root = Path(name).resolve()
        for assignment in assignments:
            shutil.copytree(course.source / assignment, root / "source" / assignment, ignore=IGNORED)
            try:
                gradebook.convert("GenerateAssignment", course, assignment, student=".", root=root, record=record)
            except gradebook.ConversionError as failure:
                raise UsageError(_advice(course, assignment, failure)) from None
            for path in sorted((root / "release" / assignment).rglob("*.ipynb")):
                notebooks.write(notebooks.normal_form(notebooks.read(path), "exercise"), path)
        yield root / "release"


def publish(course: Course, names: Iterable[str]) -> tuple[Change, ...]:
    """Make release/ what source/ gives, for these assignments or for all; return what was changed.

    Raises UsageError for an unknown assignment and when nbgrader does not finish.
    """
    assignments = course.chosen(names)
    with generated(course, assignments, record=True) as fresh:
        changes = tuple(_changes(fresh, course.release, assignments, everything=not tuple(names)))
        for change in changes:
            target = course.release / change.path
            if change.what == "left over":
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(fresh / change.path, target)
    return changes


def compare(course: Course, names: Iterable[str]) -> tuple[Change, ...]:
    """Where release/ is not what source/ gives; changes nothing. Raises as `publish` does."""
    assignments = course.chosen(names)
    with generated(course, assignments, record=False) as fresh:
        return tuple(_changes(fresh, course.release, assignments, everything=not tuple(names)))


def leaks(course: Course, names: Iterable[str]) -> tuple[str, ...]:
    """Markers, and lines of solutions or hidden tests, in what students get; each told with its file."""
    return tuple(leak for assignment in course.chosen(names) for leak in _leaks(course, assignment))


def _leaks(course: Course, assignment: str) -> Iterator[str]:
    folder = course.release / assignment
    if not folder.is_dir():
        return
    secrets: set[str] = set()
    for source in (course.source / assignment).rglob("*.ipynb"):
        secrets |= notebooks.hidden_lines(notebooks.read(source))
    markers = [marker for pair in notebooks.MARKERS for marker in pair]
    for path in _files(folder):
        shown = _shown(folder / path)
        for marker in markers:
            if marker in shown:
                yield f"{assignment}/{path.as_posix()} holds the marker {marker}"
        for secret in sorted(secrets):
            if secret in shown:
                yield f"{assignment}/{path.as_posix()} holds a line of a solution or hidden test: {secret}"


def _shown(path: Path) -> str:
    """What a student can read in a file."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8", errors="replace")
    return "\n".join(cell.source + str(cell.get("outputs", "")) for cell in notebooks.read(path).cells)


def _changes(fresh: Path, old: Path, assignments: Iterable[str], *, everything: bool) -> Iterator[Change]:
    for assignment in assignments:
        made = _files(fresh / assignment)
        for path in made:
            target = old / assignment / path
            if not target.is_file():
                yield Change(Path(assignment, path), "new")
            elif target.read_bytes() != (fresh / assignment / path).read_bytes():
                yield Change(Path(assignment, path), "differs")
        for path in sorted(set(_files(old / assignment)) - set(made)):
            yield Change(Path(assignment, path), "left over")
    if everything:
        known = set(assignments)
        for path in _files(old):
            if path.parts[0] not in known:
                yield Change(path, "left over")


def _files(folder: Path) -> list[Path]:
    """The files below a folder, relative to it, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not {".ipynb_checkpoints", "__pycache__"} & set(path.parts))


def _advice(course: Course, assignment: str, failure: gradebook.ConversionError) -> str:
    advice = f"nbgrader could not generate {assignment}: {failure}"
    if "submissions associated" in str(failure):
        advice += (
            f"\n{course.gradebook} holds marks for the cells as they were. Keep a copy of it elsewhere, "
            "delete it and grade again: the marks come back from submitted/."
        )
    return advice
