"""What a student handed in: read without trusting a byte of it, and rebuilt from the instructor's copy.

Owns which files are taken as a submission, what of their cells is looked at, and how the notebook that is run and
shown is put together. Must not know how cells are run or graded, nor nbgrader's converters and gradebook.

    from the instructor  notebook metadata; the cells nbgrader manages, in order: id, type, metadata, text
    from the student     the text of answer cells, found by grade_id; their own cells, each behind the cell it followed
    from nobody          outputs, attachments, tags, other metadata

A student's markdown is shown as the text that it is, because the pages render markdown with its HTML and MathJax.
Nothing here stops a class: what cannot be used raises SetAside, with the reason.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat

from autograder import notebooks
from autograder.notebooks import Notebook

Role = Literal["text", "setup", "check", "answer", "extra"]
"""What a cell is for: text, the instructor's code without points, a test, a solution, or a student's own code."""

MOST_BYTES = 256 * 1024 * 1024
"""A larger file is not read; outputs alone can be 100 MB."""

MOST_VALUES = 10_000_000
"""JSON of more values is not read: 256 MiB of empty lists would take 5 GB of memory."""

MOST_CELLS = 5_000
MOST_TEXT = 1_000_000
"""Characters in one cell."""

MOST_TEXT_IN_ALL = 5_000_000
"""Characters in all cells together."""

_MARK = "autograder"
"""Where it is noted in a notebook's metadata that it was set aside; what students hand in has no such place."""

_KINDS = ("code", "markdown", "raw")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_GRADING = ("cell_type", "checksum", "grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
# a string whole, so that nothing in it counts, or a mark that a value follows
_STRING_OR_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[,\[{]', re.DOTALL)
# in a line of more than 160 characters, as many as fit before a space, or 160
_LONG_LINE = re.compile(r"(?=[^\n]{161})(?:([^\n]{80,160}) |([^\n]{160}))")


class SetAside(Exception):
    """A person must look at this submission; the message is the reason, in one plain sentence without host paths.

    Of what a student chose a message holds names of files only, and in them nothing that markdown or HTML heeds.
    """


@dataclass(frozen=True)
class Rebuilt:
    """A submission put together anew: what is run and shown, and what was restored or ignored, in plain words."""

    notebook: Notebook
    notes: tuple[str, ...] = ()


def read(path: Path, root: Path) -> Notebook:
    """The notebook in a file below `root`, the course's folder: its cells, without outputs.

    Malformed cells are repaired or left out. Raises SetAside, and nothing else whatever the file holds, when it is
    no ordinary file reached without links, or no notebook of format 4.
    """
    name = _harmless(path.name)
    try:
        return _well_formed(_cells_in(_content(path, root), name))
    except RecursionError:
        raise SetAside(f"{name} is not a notebook: its JSON is nested too deeply.") from None
    except MemoryError:
        raise SetAside(f"{name} is too large to be read.") from None


def rebuild(instructor: Notebook, handed_in: Notebook, *, known: frozenset[str] = frozenset()) -> Rebuilt:
    """The submission as the instructor's notebook with the student's answers and own cells in it.

    `instructor` has the stubs in its answer cells, and the hidden tests. `known` are the texts of the release's
    markdown cells, which are shown rendered where a student left them as they were.
    Raises SetAside when no answer and no check of the assignment is in it, or a text is too long.
    """
    match = _matched(instructor, _well_formed(handed_in["cells"]).cells)
    own = _own_cells(match, known)
    cells = own.get("", [])
    for name, original in match.originals.items():
        given = match.cells[match.chosen[name]] if name in match.chosen else None
        cells += [_restored(original, given), *own.get(name, [])]
    return Rebuilt(_notebook(cells, instructor.metadata), tuple(_notes(match)))


def mark(notebook: Notebook, reason: str) -> None:
    """Note in a notebook that it stands for a submission that was set aside, and why."""
    notebook.metadata[_MARK] = {"set_aside": reason}


def why_set_aside(notebook: Notebook) -> str:
    """The reason that `mark` noted, "" if there is none."""
    return str(notebook.metadata.get(_MARK, {}).get("set_aside", ""))


def roles(notebook: Notebook) -> tuple[Role, ...]:
    """What each cell of a rebuilt notebook is for."""
    return tuple(_role(cell) for cell in notebook.cells)


# The file


def _content(path: Path, root: Path) -> bytes:
    """The bytes of an ordinary file below root, opened once: what is looked at is what is read."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        parts = ()
    if not parts or ".." in parts:
        raise SetAside(f"{_harmless(path.name)} does not lie where submissions lie.")
    where = _harmless("/".join(parts))
    try:
        descriptor = _opened(root, parts)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise SetAside(f"{where} is not an ordinary file.")
            if found.st_size > MOST_BYTES:
                raise SetAside(f"{where} is larger than {MOST_BYTES // 1024**2} MiB.")
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(found.st_size)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise SetAside(_why_not(root, parts, error)) from None


def _opened(root: Path, parts: tuple[str, ...]) -> int:
    """A descriptor of the file, each folder on the way opened without following a link. Raises OSError."""
    folder_only, no_link = getattr(os, "O_DIRECTORY", 0), getattr(os, "O_NOFOLLOW", 0)
    # a named pipe must not block, a terminal must not become ours
    plainly = no_link | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    if os.open not in os.supports_dir_fd:  # Windows
        path = root.joinpath(*parts)
        if os.path.normcase(path.resolve()) != os.path.normcase(root.resolve().joinpath(*parts)):
            raise OSError(errno.ELOOP, "a link is on the way to it")
        return os.open(path, os.O_RDONLY | plainly)
    with contextlib.ExitStack() as stack:
        folder = os.open(root, os.O_RDONLY | folder_only)
        stack.callback(os.close, folder)
        for part in parts[:-1]:
            folder = os.open(part, os.O_RDONLY | folder_only | no_link, dir_fd=folder)
            stack.callback(os.close, folder)
        return os.open(parts[-1], os.O_RDONLY | plainly, dir_fd=folder)


def _why_not(root: Path, parts: tuple[str, ...], error: Exception) -> str:
    """Why a file could not be opened. It only chooses words, so it may look a second time."""
    where = _harmless("/".join(parts))
    reason = getattr(error, "strerror", None) or "no file can have this name"
    for number in range(1, len(parts) + 1):
        here, so_far = root.joinpath(*parts[:number]), _harmless("/".join(parts[:number]))
        try:
            kind = here.lstat().st_mode
        except FileNotFoundError:
            return _what_is_there(here) if number == len(parts) else f"there is no folder {so_far}."
        except (OSError, ValueError):
            break
        if stat.S_ISLNK(kind):
            return f"{so_far} is a link, not what was handed in."
        if number < len(parts) and not stat.S_ISDIR(kind):
            return f"{so_far} is not a folder."
        if number == len(parts) and not stat.S_ISREG(kind):
            return f"{so_far} is not an ordinary file."
    return f"{where} cannot be read: {reason}."


def _what_is_there(path: Path) -> str:
    try:
        there = sorted(_harmless(name) for name in os.listdir(path.parent))
    except OSError:
        there = []
    more = [f"and {len(there) - 10} more"] if len(there) > 10 else []
    return f"no {_harmless(path.name)} was handed in; the folder holds: {', '.join(there[:10] + more) or 'nothing'}."


def _harmless(name: str) -> str:
    """A name that a student may have chosen, fit for a terminal and for a page."""
    return re.sub(r"[^\w ./()+-]", "?", name)[:120]


# The notebook in it


def _cells_in(data: bytes, name: str) -> list[object]:
    """The list of cells in the text of a notebook. Raises SetAside, RecursionError and MemoryError."""
    if not data.strip():
        raise SetAside(f"{name} is empty.")
    if b"\0" in data:
        raise SetAside(f"{name} is not a notebook: it is not text, it holds NUL bytes.")
    if _has_too_many_values(data):
        raise SetAside(f"{name} is not a notebook: its JSON holds more than {MOST_VALUES:,} values.")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SetAside(f"{name} is not a notebook: it is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise SetAside(f"{name} is not a notebook: it is not JSON (line {error.lineno}).") from None
    except ValueError:
        raise SetAside(f"{name} is not a notebook: a number in its JSON has thousands of digits.") from None
    if not isinstance(found, dict) or "nbformat" not in found:
        raise SetAside(f"{name} is not a notebook: its JSON is something else.")
    if (version := found["nbformat"]) != 4:
        which = version if version in (1, 2, 3, 5) and type(version) is int else "another kind"
        raise SetAside(f"{name} is not a notebook of format 4 but of {which}; open it in JupyterLab and save it.")
    if not isinstance(cells := found.get("cells"), list):
        raise SetAside(f"{name} is not a notebook: it has no list of cells.")
    return cells


def _has_too_many_values(data: bytes) -> bool:
    """Whether the JSON holds more than MOST_VALUES values, found without making them."""
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) <= MOST_VALUES:
        return False
    marks = (match for match in _STRING_OR_MARK.finditer(data) if data[match.start()] != ord('"'))
    return any(count > MOST_VALUES for count, _ in enumerate(marks, start=1))


def _well_formed(found: list[object]) -> Notebook:
    """A notebook of the cells in a list of anything; what this returned comes back equal."""
    if len(found) > MOST_CELLS:
        raise SetAside(f"the notebook has {len(found):,} cells, more than {MOST_CELLS:,}.")
    cells = [_cell(one, number) for number, one in enumerate(found, start=1) if isinstance(one, dict)]
    if sum(len(cell.source) for cell in cells) > MOST_TEXT_IN_ALL:
        raise SetAside(f"the notebook's cells hold more than {MOST_TEXT_IN_ALL:,} characters.")
    return _notebook(cells, {})


def _cell(found: dict[str, object], number: int) -> Notebook:
    """What of a cell is looked at; `number` is its place in the notebook, from 1."""
    source, metadata, kind = found.get("source"), found.get("metadata"), found.get("cell_type")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    source = _encodable(source) if isinstance(source, str) else ""
    if len(source) > MOST_TEXT:
        raise SetAside(f"cell {number} of the notebook has {len(source):,} characters, more than {MOST_TEXT:,}.")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(grading, dict):
        grading = {key: value for key in _GRADING if isinstance(value := grading.get(key), str | int | float)}
        grading = {key: _encodable(value) if isinstance(value, str) else value for key, value in grading.items()}
    return _new(kind if kind in _KINDS else "raw", source, {"nbgrader": grading} if grading else {}, found.get("id"))


def _encodable(text: str) -> str:
    """The text with U+FFFD for what UTF-8, or a database, refuses: half a surrogate pair, and NUL."""
    return re.sub(r"[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def _new(kind: object, source: str, metadata: dict[str, object], cell_id: object = None) -> Notebook:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return nbformat.from_dict(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))


def _notebook(cells: list[Notebook], metadata: dict[str, object]) -> Notebook:
    """A notebook of copies of these cells; one without an id that is good and free gets one, always the same."""
    notebook = nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    taken: set[str] = set()
    nameless = []
    for cell in notebook.cells:
        if isinstance(cell.id, str) and _CELL_ID.fullmatch(cell.id) and cell.id not in taken:
            taken.add(cell.id)
        else:
            nameless.append(cell)
    free = (name for number in range(1, 2 * len(notebook.cells) + 1) if (name := f"cell-{number}") not in taken)
    for cell in nameless:
        cell.id = next(free)
    return notebook


# Putting it together


@dataclass(frozen=True)
class _Match:
    """Which of the student's cells is which of the instructor's."""

    originals: dict[str, Notebook]
    """The instructor's managed cells by grade_id, in order."""
    cells: list[Notebook]
    """The student's cells."""
    names: list[str]
    """Of each of them the grade_id of the original that it is, or is a copy of; "" for the student's own."""
    chosen: dict[str, int]
    """By grade_id, the place in `cells` of the one that counts; none where it is missing."""


def _matched(instructor: Notebook, cells: list[Notebook]) -> _Match:
    originals = {str(_grading(cell)["grade_id"]): cell for cell in instructor.cells if _is_managed(cell)}
    answers = {name: cell for name, cell in originals.items() if _is_answer(cell)}
    graded = {name for name, cell in originals.items() if _grading(cell).get("grade")}
    names = [str(_grading(cell).get("grade_id", "")) for cell in cells]
    names = [name if name in originals else "" for name in names]
    # an answer that lost its grade_id may still have its cell id; otherwise its stub would stand in for it
    lost = {cell.get("id"): name for name, cell in answers.items() if name not in names}
    names = [name or lost.pop(cell.id, "") for name, cell in zip(names, cells, strict=True)]
    # a title or the imports prove nothing: other assignments have them too
    if not ({*answers, *graded} or set(originals)) & set(names):
        raise SetAside("no answer and no check of this assignment is in the notebook; was another one handed in?")
    chosen = {}
    for name, original in originals.items():
        if there := [place for place, other in enumerate(names) if other == name]:
            filled_in = (place for place in there if name in answers and _is_filled_in(cells[place], original))
            chosen[name] = next(filled_in, there[0])
    return _Match(originals, cells, names, chosen)


def _own_cells(match: _Match, known: frozenset[str]) -> dict[str, list[Notebook]]:
    """The student's own cells, fit to be shown, by the grade_id they come behind; "" is the top."""
    own: dict[str, list[Notebook]] = {}
    last = ""
    for place, (cell, name) in enumerate(zip(match.cells, match.names, strict=True)):
        if match.chosen.get(name) == place:
            last = name
        elif not name or _is_kept_copy(cell, match.originals[name]):
            own.setdefault(_behind(last, match), []).append(_own(cell, known))
    return own


def _behind(last: str, match: _Match) -> str:
    """Where own cells go that followed `last`: behind it, and behind the missing answers that come next.

    Who deletes an answer cell and writes the function in one of their own must not have it undone by the stub.
    """
    order = ["", *match.originals]
    for name in order[order.index(last) + 1 :]:
        if name in match.chosen or _role(match.originals[name]) == "check":
            break
        if _is_answer(match.originals[name]):
            last = name
    return last


def _own(cell: Notebook, known: frozenset[str]) -> Notebook:
    if cell.cell_type == "code":
        return _new("code", cell.source, {})
    # nbconvert makes no page with an attachment that is not there
    as_it_is = cell.cell_type == "markdown" and cell.source in known and "attachment:" not in cell.source
    return _new("markdown", cell.source if as_it_is else _as_text(cell.source), {})


def _restored(original: Notebook, given: Notebook | None) -> Notebook:
    """The instructor's cell, with the student's text if it is an answer."""
    cell = _new(original.cell_type, original.source, original.metadata, original.get("id"))
    if original.get("attachments"):
        cell.attachments = original.attachments
    if given is not None and _is_answer(original) and not _is_untouched(given, original):
        cell.source = given.source if original.cell_type == "code" else _as_text(given.source)
    return cell


def _as_text(source: str) -> str:
    """Markdown that shows these characters and does nothing else.

    Long lines are broken: nbconvert takes the square of a line's length in time, hours for MOST_TEXT.
    """
    text = _LONG_LINE.sub(r"\1\2\n", source.replace("\r\n", "\n").replace("\r", "\n"))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


# What a cell is


def _grading(cell: Notebook) -> dict[str, object]:
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def _is_managed(cell: Notebook) -> bool:
    grading = _grading(cell)
    return bool(grading.get("grade_id")) and any(grading.get(flag) for flag in ("grade", "solution", "locked", "task"))


def _is_answer(cell: Notebook) -> bool:
    grading = _grading(cell)  # a task's text is the instructor's; students answer it in cells of their own
    return bool(grading.get("solution")) and not grading.get("task") and cell.cell_type in ("code", "markdown")


def _role(cell: Notebook) -> Role:
    if cell.cell_type != "code":
        return "text"
    if not (grading := _grading(cell)):
        return "extra"
    if grading.get("solution"):
        return "answer"
    return "check" if grading.get("grade") else "setup"


def _is_untouched(cell: Notebook, original: Notebook) -> bool:
    """Whether a cell's text is the one that students were given, space around it aside."""
    shown = original.source
    if notebooks.MARKERS[1][0] in shown:
        text, _ = notebooks.without_hidden_tests(shown, "\0")
        shown = "\n".join(line for line in text.split("\n") if "\0" not in line)
    return cell.source.strip() in (original.source.strip(), shown.strip())


def _is_filled_in(cell: Notebook, original: Notebook) -> bool:
    return bool(cell.source.strip()) and not _is_untouched(cell, original)


def _is_kept_copy(cell: Notebook, original: Notebook) -> bool:
    return _is_answer(original) and cell.cell_type != "raw" and _is_filled_in(cell, original)


# What to tell the instructor


def _notes(match: _Match) -> Iterator[str]:
    for name, original in match.originals.items():
        called = f"the {_called(original)} {name}"
        if name not in match.chosen:
            what = "the empty one" if _is_answer(original) else "it"
            yield f"{called} was missing; {what} has been put back"
            continue
        yield from _differences(called, match.cells[match.chosen[name]], original)
        if (copies := match.names.count(name)) > 1:
            rest = "the first one that is filled in counts" if _is_answer(original) else "the copies are left out"
            yield f"{called} was there {copies} times; {rest}"
    own = [cell for cell, name in zip(match.cells, match.names, strict=True) if not name]
    if strange := sum("grade_id" in _grading(cell) for cell in own):
        yield f"cells with grade_ids that this assignment does not have: {strange}; they count as the student's own"
    order = [match.names.index(name) for name in match.chosen]
    if order != sorted(order):
        yield "cells had changed places; they are back in the instructor's order"


def _differences(called: str, given: Notebook, original: Notebook) -> Iterator[str]:
    """What was changed in a cell that students must leave alone, or in an answer beside its text."""
    theirs, ours = _grading(given), _grading(original)
    keys = ["grade_id", "grade", "solution", "locked", *(["points"] if ours.get("grade") else [])]
    if changed := [key for key in keys if theirs.get(key) != ours.get(key)]:
        yield f"{called} had another {', '.join(changed)}; the instructor's counts"
    if given.cell_type != original.cell_type:
        yield f"{called} had become a {given.cell_type} cell; it is a {original.cell_type} cell again"
    if not _is_answer(original) and not ours.get("task") and not _is_untouched(given, original):
        yield f"{called} was changed; the instructor's text has been put back"


def _called(original: Notebook) -> str:
    if _is_answer(original):
        return "answer"
    return {"check": "check", "setup": "setup cell"}.get(_role(original), "text cell")
