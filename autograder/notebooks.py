"""Notebooks as files: their normal form, and what in them must stay hidden from students.

Owns the one way a notebook is written (ids, metadata, outputs, counts, bytes) and the markers of solutions
and hidden tests. Must not know the course's folders, nbgrader's converters or what any cell is about.

Two kinds: an `exercise` (source/ and release/) has neither outputs nor counts, a `lecture` has both, counted
1..n, because nbval skips comparing a cell that has no count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import nbformat

from autograder.course import UsageError

Kind = Literal["exercise", "lecture"]
Notebook = Any
"""nbformat's NotebookNode, which has no types."""

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("deletable", "editable", "jupyter", "nbgrader", "tags")
MARKERS = (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"))


def read(path: Path) -> Notebook:
    """The notebook in a file. Raises UsageError, with the reason, when it is none."""
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
        if (version := notebook["nbformat"]) != 4:
            raise UsageError(f"{path} is not a notebook of format 4 but {version}; open it in JupyterLab and save it.")
        nbformat.validate(notebook)
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a notebook: it is not UTF-8 text.") from None
    except nbformat.reader.NotJSONError:
        raise UsageError(f"{path} is not a notebook: it is not JSON.") from None
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:
        reason = str(getattr(error, "message", "") or error).splitlines()[0][:200]
        raise UsageError(f"{path} is not a notebook: {reason}.") from None
    return notebook


def text(notebook: Notebook) -> str:
    """The notebook as the text of a file: keys sorted, one space a level, a newline at the end."""
    return str(nbformat.writes(notebook)) + "\n"


def write(notebook: Notebook, path: Path) -> None:
    """Write the notebook; the same bytes on every system."""
    path.write_bytes(text(notebook).encode("utf-8"))


def normal_form(notebook: Notebook, kind: Kind) -> Notebook:
    """A copy of the notebook in normal form; a notebook in normal form comes back equal."""
    result = nbformat.from_dict({"cells": [], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    taken: set[str] = set()
    count = 0
    for old in notebook.cells:
        metadata = {key: old.metadata[key] for key in CELL_METADATA if old.metadata.get(key) not in (None, [], {})}
        cell = {
            "cell_type": old.cell_type,
            "id": _free_id(old, taken),
            "metadata": metadata,
            "source": old.source,
        }
        if old.get("attachments"):
            cell["attachments"] = old.attachments
        if old.cell_type == "code":
            count += 1
            cell["execution_count"] = count if kind == "lecture" else None
            cell["outputs"] = list(_outputs(old.outputs, count)) if kind == "lecture" else []
        result.cells.append(nbformat.from_dict(cell))
    return result


def faults(notebook: Notebook, kind: Kind) -> Iterator[str]:
    """What is not in normal form, each in a few words that name the cell."""
    normal = normal_form(notebook, kind)
    if notebook.metadata != normal.metadata:
        yield "the notebook's metadata is not exactly kernelspec python3 and language_info python"
    for number, (cell, wanted) in enumerate(zip(notebook.cells, normal.cells, strict=True), start=1):
        where = f"cell {number} ({cell.get('id', 'no id')})"
        if cell.get("id") != wanted.id:
            yield f"{where}: the id is missing, not slug-like or taken; it would become {wanted.id}"
        if cell.metadata != wanted.metadata:
            yield f"{where}: metadata beyond {', '.join(CELL_METADATA)}"
        if cell.cell_type == "code" and cell.execution_count != wanted.execution_count:
            yield f"{where}: execution count {cell.execution_count}, not {wanted.execution_count}"
        if cell.cell_type == "code" and cell.outputs != wanted.outputs:
            yield f"{where}: outputs are not in normal form"


def executed(notebook: Notebook, folder: Path, *, deadline: int = 600) -> Notebook:
    """The notebook with fresh outputs, run top to bottom in `folder`; `deadline` is seconds for each cell.

    Raises UsageError naming the cell that raised.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    client = NotebookClient(
        nbformat.from_dict(notebook),
        timeout=deadline,
        kernel_name=METADATA["kernelspec"]["name"],
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        return client.execute()
    except (CellExecutionError, CellTimeoutError) as error:
        raise UsageError(f"a cell did not run to its end:\n{error}") from None


def hidden_lines(notebook: Notebook) -> frozenset[str]:
    """The lines of solutions and hidden tests, stripped, without those that students see elsewhere in it."""
    hidden: set[str] = set()
    public: list[str] = []
    for cell in notebook.cells:
        for line, inside in _lines(cell.source):
            if inside:
                hidden.add(line.strip())
            else:
                public.append(line)
    seen = "\n".join(public)
    return frozenset(line for line in hidden if line and line not in seen)


def without_hidden_tests(source: str, place: str) -> tuple[str, frozenset[str]]:
    """A cell's text with `place` for each region of hidden tests, and the lines of those regions, stripped."""
    begin, end = MARKERS[1]
    kept: list[str] = []
    hidden: set[str] = set()
    inside = False
    for line in source.splitlines():
        if begin in line:
            inside = True
            kept.append(line[: len(line) - len(line.lstrip())] + place)
        elif end in line:
            inside = False
        elif inside:
            hidden.add(line.strip())
        else:
            kept.append(line)
    return "\n".join(kept), frozenset(hidden - {""})


def marker_faults(notebook: Notebook) -> Iterator[str]:
    """Markers without their other half, or in a cell where nbgrader would not heed them."""
    for number, cell in enumerate(notebook.cells, start=1):
        where = f"cell {number} ({cell.get('id', 'no id')})"
        grading = cell.metadata.get("nbgrader", {})
        for (begin, end), role in zip(MARKERS, ("solution", "grade"), strict=True):
            marks = re.findall(f"{begin}|{end}", cell.source)
            if marks != [begin, end] * (len(marks) // 2):
                yield f"{where}: {begin} and {end} do not come in pairs"
            if marks and not grading.get(role):
                yield f"{where}: {begin} in a cell that is no {role} cell for nbgrader"
        if grading.get("solution") and not grading.get("grade") and MARKERS[0][0] not in cell.source:
            yield f"{where}: a solution cell without {MARKERS[0][0]}; all of it would be replaced"


def is_check(cell: Notebook) -> bool:
    """Whether the cell is one of nbgrader's autograder tests."""
    grading = cell.metadata.get("nbgrader", {})
    return bool(grading.get("grade") and not grading.get("solution"))


def _lines(source: str) -> Iterator[tuple[str, bool]]:
    """The lines of a cell but the markers, each with whether it is between two."""
    inside = False
    for line in source.splitlines():
        if any(begin in line for begin, _ in MARKERS):
            inside = True
        elif any(end in line for _, end in MARKERS):
            inside = False
        else:
            yield line, inside


def _free_id(cell: Notebook, taken: set[str]) -> str:
    """The cell's id if it is a good one, else one made of its grade_id or its first words."""
    wanted = str(cell.get("id", ""))
    if not ID.fullmatch(wanted):
        wanted = cell.metadata.get("nbgrader", {}).get("grade_id") or " ".join(cell.source.split()[:5])
        wanted = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:50].strip("-") or str(cell.cell_type)
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    taken.add(free)
    return free


def _outputs(outputs: list[Any], count: int) -> Iterator[Any]:
    """Outputs as they are kept: neighbouring streams joined, counts set, nothing that is new on every run."""
    kept: list[Any] = []
    for old in outputs:
        output = nbformat.from_dict(old)
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
            continue
        if output.output_type == "execute_result":
            output.execution_count = count
        if "data" in output:  # a widget's model has another name on every run, and is gone with its kernel
            output.data.pop("application/vnd.jupyter.widget-view+json", None)
        if output.get("data") != {}:
            kept.append(output)
    yield from kept
