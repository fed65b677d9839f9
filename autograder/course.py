"""The course folder: where each thing in it is, and what it holds.

Owns the names of the folders and the search for the root (the folder with `nbgrader_config.py`).
Must not know what is done with the files; it reads names only and imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "nbgrader_config.py"
"""The file that makes a folder the root of a course."""


class UsageError(Exception):
    """What was asked cannot be done as it was asked; the message says why and what to do instead."""


@dataclass(frozen=True)
class Course:
    """A course folder on this machine, by its root."""

    root: Path

    @property
    def source(self) -> Path:
        """The instructor's notebooks, with solutions and hidden tests."""
        return self.root / "source"

    @property
    def release(self) -> Path:
        """What students get, generated from `source`."""
        return self.root / "release"

    @property
    def lectures(self) -> Path:
        """The lectures."""
        return self.root / "notebooks"

    @property
    def work(self) -> Path:
        """A student's own copies of the released assignments."""
        return self.root / "work"

    @property
    def submitted(self) -> Path:
        """What students handed in: `submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb`."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """The submissions as they were graded, with what each cell displayed."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """The pages that students get back: `feedback/STUDENT/ASSIGNMENT/ASSIGNMENT.html`."""
        return self.root / "feedback"

    @property
    def gradebook(self) -> Path:
        """nbgrader's SQLite gradebook, made on demand."""
        return self.root / "gradebook.db"

    def assignments(self) -> tuple[str, ...]:
        """The names of the assignments that have a source notebook, in order."""
        return _named_notebooks(self.source)

    def released(self) -> tuple[str, ...]:
        """The names of the assignments that have been released, in order."""
        return _named_notebooks(self.release)

    def lecture_notebooks(self) -> tuple[Path, ...]:
        """The lectures' files, in order."""
        return tuple(sorted(self.lectures.glob("*.ipynb")))

    def students(self, assignment: str) -> tuple[str, ...]:
        """Who handed in a folder for this assignment, in order."""
        return tuple(sorted(folder.parent.name for folder in self.submitted.glob(f"*/{assignment}")))

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """These assignments, or all of them when none is named.

        Raises UsageError for a name without a source notebook.
        """
        known = self.assignments()
        wanted = tuple(names) or known
        for name in wanted:
            if name not in known:
                raise UsageError(f"there is no source/{name}/{name}.ipynb. {_listing('Assignments', known)}")
        if not wanted:
            raise UsageError(f"there are no assignments: {self.source} holds no NN-name/NN-name.ipynb.")
        return wanted


def find(start: Path) -> Course:
    """The course that `start` is in: the nearest folder upwards with MARK in it.

    Raises UsageError when there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / MARK).is_file():
            return Course(folder)
    raise UsageError(
        f"{start} is not in a course: neither it nor a folder above it holds {MARK}.\n"
        "Change to the course's folder first, or name it: autograder COMMAND --course FOLDER"
    )


def _named_notebooks(folder: Path) -> tuple[str, ...]:
    """The names of the folders that hold a notebook of their own name."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/*.ipynb") if path.stem == path.parent.name))


def _listing(title: str, names: Iterable[str]) -> str:
    return f"{title}: {', '.join(names) or 'none yet'}."
