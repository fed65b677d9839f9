"""Trusted grading inside nbgrader: what stands where nbgrader reads, repairs, executes and marks a submission.

Owns the exporter and the preprocessors that nbgrader_config.py names, so that `nbgrader autograde`, the formgrader's
button and `autograder grade` all grade in the same way. Must not know how a submission is rebuilt or executed.

What cannot be graded is set aside for a person: the instructor's notebook stands in its place, with a first cell that
says why, and every mark of it waits for a person.
"""

from __future__ import annotations

import functools
import html
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_ignored, parse_utc
from traitlets import Bool, Dict, Unicode

from autograder import execution, notebooks, sandbox, submission, verdict
from autograder.course import UsageError
from autograder.limits import Limits
from autograder.verdict import Cell, Store, Task
from autograder.words import printable

ASIDE = ".set-aside"
"""What the name of a link or device in a submission gets, so that nbgrader does not follow it."""

MOST_FILES = 16 * 1024 * 1024
"""Bytes of all files beside a notebook that its code may find in grading; more is left out."""

SHOWN = 20_000
"""The most characters of a student's code cell that pages show."""

VERDICTS = "verdicts"
NO_SANDBOX = "**Graded without a sandbox.** The student's code ran with the grader's own rights."


class NoSandbox(UsageError):
    """There is no sandbox here, and nobody said to go on without."""


def lay_links_aside(assignment: str, student: str, notebooks: Iterable[str]) -> None:
    """nbgrader's pre_convert_hook: rename what is no plain file in these submissions, before it copies them, and a
    time of submission that is none.
    """
    for folder in {Path(path).parent for path in notebooks}:
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                path = Path(place, name)
                is_notebook = path.parent == folder and path.suffix == ".ipynb"
                strange = path.is_symlink() or not (path.is_file() or path.is_dir()) or not _is_timely(path, folder)
                if strange and not is_notebook and path.suffix != ASIDE:
                    path.rename(path.with_name(path.name + ASIDE))


def _is_timely(path: Path, folder: Path) -> bool:
    """Whether a file is not the one with the time of submission, or nbgrader can read a time in it."""
    if path != folder / "timestamp.txt":
        return True
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return False
    return True


class Exporter(NotebookExporter):
    """Reads a submission whatever is in the file; one that cannot be read comes out empty, with the reason."""

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """nbconvert's hook: the notebook in a file, through the preprocessors."""
        converter: Any = self.parent
        root = Path(converter.coursedir.root)
        path = Path(os.path.abspath(root / filename))
        if not path.is_relative_to(os.path.abspath(root / converter.coursedir.submitted_directory)):
            return super().from_filename(filename, resources=resources, **kwargs)
        try:
            read = submission.read(path, Path(os.path.abspath(root)))
        except submission.SetAside as reason:
            read = nbformat.v4.new_notebook()
            submission.mark(read, str(reason))
        resources = {"metadata": {"name": path.stem, "path": str(path.parent)}, **(resources or {})}
        whole: tuple[Any, Any] = self.from_notebook_node(read, resources=resources, **kwargs)  # type: ignore[no-untyped-call]
        return whole


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """The submission, rebuilt from the instructor's copy."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """nbconvert's hook for a notebook."""
        names = resources["nbgrader"]
        course = self.parent.parent.coursedir
        path = course.format_path(course.source_directory, ".", names["assignment"])
        with Gradebook(names["db_url"], course.course_id) as book:
            copy, known = instructors(book, names["assignment"], names["notebook"], Path(path))
        return rebuilt(nb, copy, known), resources


def rebuilt(handed_in: Any, copy: Any, known: frozenset[str]) -> Any:
    """The notebook to run and show: what was handed in, put into the instructor's copy, or set aside."""
    if reason := submission.why_set_aside(handed_in):
        return set_aside(copy, reason)
    try:
        made = submission.rebuild(copy, handed_in, known=known)
    except submission.SetAside as aside:
        return set_aside(copy, str(aside))
    if made.notes:
        _put_first(made.notebook, "notes", "**Put right before grading:** " + literal("; ".join(made.notes)) + ".")
    return made.notebook


def set_aside(copy: Any, reason: str) -> Any:
    """The instructor's copy, with a first cell that says why no mark is given."""
    notebook = nbformat.from_dict(copy)
    submission.mark(notebook, reason)
    _put_first(notebook, "set-aside", f"**Set aside for a person, without a mark.** {literal(reason)}")
    return notebook


def literal(text: str) -> str:
    """A text that Markdown, HTML and MathJax all show as it is; it may quote what a student wrote."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", html.escape(printable(text), quote=False))


def _put_first(notebook: Any, name: str, text: str) -> None:
    cell = nbformat.v4.new_markdown_cell(text, id=f"autograder-{name}")
    notebook.cells.insert(0, cell)


def instructors(book: Any, assignment: str, name: str, source: Path) -> tuple[Any, frozenset[str]]:
    """The instructor's copy of a notebook: its managed cells as the gradebook has them, with stubs for solutions and
    with hidden tests; and the texts of the other cells, which students may have left as they were.
    """
    order, known = _source(source / f"{name}.ipynb")
    found = book.find_notebook(name, assignment)
    points = {cell.name: float(cell.max_score) for cell in (*found.grade_cells, *found.task_cells)}
    graded = {cell.name for cell in found.grade_cells}
    solutions = {cell.name for cell in found.solution_cells}
    tasks = {cell.name for cell in found.task_cells}
    last = len(order)
    cells = []
    for cell in sorted(found.source_cells, key=lambda cell: order.get(cell.name, (last, {}))[0]):
        about = {
            "grade_id": cell.name,
            "grade": cell.name in graded,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "locked": bool(cell.locked),
            "schema_version": 3,
            "checksum": cell.checksum,
            "cell_type": cell.cell_type,
        }
        if cell.name in points:
            about["points"] = points[cell.name]
        make: Any = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(cell.source, metadata={"nbgrader": about}, **order.get(cell.name, (0, {}))[1]))
    return nbformat.v4.new_notebook(cells=cells, metadata=notebooks.METADATA), known


def _source(path: Path) -> tuple[dict[str, tuple[int, dict[str, Any]]], frozenset[str]]:
    """Of the notebook in source/: each managed cell's place, and what of it the gradebook does not have (id and
    attachments); and the texts of its Markdown cells that are not managed.
    """
    try:
        cells = notebooks.read(path).cells
    except UsageError:
        return {}, frozenset()
    managed = {
        cell.metadata.nbgrader.grade_id: (number, {key: cell[key] for key in ("id", "attachments") if key in cell})
        for number, cell in enumerate(cells)
        if "nbgrader" in cell.metadata
    }
    free = (cell for cell in cells if "nbgrader" not in cell.metadata and cell.cell_type == "markdown")
    return managed, frozenset(cell.source for cell in free)


@dataclass(frozen=True)
class Beside:
    """The files beside a notebook: all, by name, and the names of those that are the instructor's."""

    files: tuple[tuple[str, bytes], ...] = ()
    own: frozenset[str] = frozenset()


def task(notebook: Any, beside: Beside, student: str, most: Limits, *, sandboxed: bool) -> Task:
    """What must be executed for a rebuilt notebook of this student."""
    cells = []
    for number, (cell, role) in enumerate(zip(notebook.cells, submission.roles(notebook), strict=True)):
        about = cell.metadata.get("nbgrader", {})
        name = about.get("grade_id") or f"cell {number + 1}"
        points = float(about.get("points", 0)) if role == "check" else 0.0
        cells.append(Cell(role, name, "" if role == "text" else cell.source, points))
    return Task(tuple(cells), student, most, beside.files, beside.own, sandboxed)


def beside(submitted: Path, source: Path, ignored: list[str]) -> Beside:
    """The files that a submission's code finds beside it: those handed in, with the instructor's over them."""
    leave_out = functools.partial(is_ignored, ignore_globs=ignored)
    own = dict(_files(source, leave_out))
    return Beside(tuple(sorted((dict(_files(submitted, leave_out)) | own).items())), frozenset(own))


def _files(folder: Path, leave_out: Callable[[str], bool]) -> tuple[tuple[str, bytes], ...]:
    """The plain files in a folder and below, but notebooks and what is to be left out: names and contents.

    What is beyond MOST_FILES is left out too.
    """
    found = []
    left = MOST_FILES
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix in (".ipynb", ASIDE) or leave_out(str(path)) or path.is_symlink() or not path.is_file():
                continue
            left -= path.stat().st_size
            if left >= 0:
                found.append((str(path.relative_to(folder)), path.read_bytes()))
    return tuple(sorted(found))


faults: dict[str, str] = {}
"""Of tasks that could not be executed just now, why: `grading` fills it, so that they are not tried once more."""


def limits_of(others: Mapping[str, int]) -> Limits:
    """The usual limits, but for these. Raises UsageError for a name that is none, and for what is no number."""
    known = Limits().plain()
    for name, value in others.items():
        if name not in known:
            raise UsageError(f"there is no limit {name!r}; the limits are: {', '.join(known)}")
        if type(value) is not int or value < 1:
            raise UsageError(f"the limit {name} must be a whole number from 1 on, not {value!r}")
    return Limits(**known | dict(others))


@functools.cache
def refusal(course: Path | None = None) -> str:
    """Why there is no sandbox here, or none that hides this course; asked once for a process."""
    if course is not None and (folder := sandbox.shows(course)):
        return f"students' code would see the course: it sees all of {folder}. Move the course out of there."
    return sandbox.refusal()


class ExecuteTrusted(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Runs the student's cells in the sandbox and the checks in the trusted process; see `execution`."""

    sandbox = Bool(True, help="Whether to grade in the sandbox. Without, every page says so.").tag(config=True)
    limits = Dict({}, help="Limits other than the usual ones, by their names in autograder.limits.").tag(config=True)
    verdicts = Unicode(VERDICTS, help="The folder, in the course's, that verdicts are kept in.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """nbconvert's hook for a notebook."""
        if submission.why_set_aside(nb):
            return nb, resources
        if self.sandbox and (reason := refusal(Path(self.parent.parent.coursedir.root))):
            leave_to_a_person(resources["nbgrader"])  # without a mark it would look like a zero
            self.log.error("Nothing was graded: %s", reason)
            raise NoSandbox(f"nothing was graded: {reason}")
        names, course = resources["nbgrader"], self.parent.parent.coursedir
        handed_in, own = (
            Path(course.format_path(folder, student, names["assignment"]))
            for folder, student in ((course.submitted_directory, names["student"]), (course.source_directory, "."))
        )
        found = task(
            nb,
            beside(handed_in, own, course.ignore),
            names["student"],
            limits_of(self.limits),
            sandboxed=self.sandbox,
        )
        store = Store(Path(course.root, self.verdicts))
        try:
            if (known := faults.get(found.name)) is not None:
                raise execution.Faulty(known)
            given = execution.obtain(found, store, student=names["student"], assignment=names["assignment"])
        except execution.Faulty as fault:
            copy = nbformat.from_dict(nb)
            return set_aside(copy, f"Grading went wrong, through no doing of the student's: {fault}"), resources
        return show(nb, given), resources


def show(notebook: Any, given: verdict.Verdict) -> Any:
    """Put what each cell displayed below it, where nbgrader reads the marks and its pages show it."""
    count = 0
    roles = submission.roles(notebook)
    for cell, role, outputs in zip(notebook.cells, roles, given.outputs, strict=True):
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
        if role in ("answer", "extra"):
            cell.source = _shortened(cell.source)
    if not given.sandboxed:
        _put_first(notebook, "no-sandbox", NO_SANDBOX)
    return notebook


def _shortened(source: str) -> str:
    """A student's code as pages show it: colouring a long text of blanks, say, would take hours."""
    text = "\n".join(line.rstrip() for line in source.split("\n"))
    if len(text) <= SHOWN:
        return text if len(text) < len(source) else source
    return f"{text[:SHOWN]}\n# … cut here for display: {len(source):,} characters were handed in, and all were run"


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's own, but that what is set aside gets no mark: each waits for a person."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """nbconvert's hook for a notebook."""
        if submission.why_set_aside(nb):
            leave_to_a_person(resources["nbgrader"])
            return nb, resources
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]


def leave_to_a_person(names: dict[str, str]) -> None:
    """Let every mark of a submission wait for a person; one of an earlier submission stays until then."""
    with Gradebook(names["db_url"]) as book:
        for grade in book.find_submission_notebook(names["notebook"], names["assignment"], names["student"]).grades:
            grade.needs_manual_grade = True
        book.db.commit()
