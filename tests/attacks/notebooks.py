"""Rows 53 to 63 of the attacks, and a few others: what a file handed in can be, instead of a notebook filled in.

Owns the faults: each function is given the path of a notebook that is right and handed in, and spoils it, or the folder
around it. Its docstring is the row's words. Must not know what comes of it; that is in `expected.toml`.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

MIB = 1 << 20
SCRIPT = "<script>owned(1)</script>"


def _changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook, ensure_ascii=True), encoding="utf-8")


def _cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell.get("id") == name)


def _copy(cell: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return json.loads(json.dumps(cell)) | {"id": f"copy-of-{cell['id']}"} | changes


def _without(notebook: dict[str, Any], *names: str) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in names]


# -- other rows, as notebooks -------------------------------------------------------------------------------------


def garbage_timestamp(path: Path) -> None:
    """Row 11: a timestamp.txt handed in, which says when that was: nonsense."""
    path.with_name("timestamp.txt").write_text("the day before the deadline\n\x00 99999-99-99", encoding="utf-8")


def markup_in_cells(path: Path) -> None:
    """Row 21: HTML and scripts in cells of text, raw cells, attachments, tags, grade_ids and cell ids."""

    def change(notebook: dict[str, Any]) -> None:
        texts = [
            f"# Marks\n{SCRIPT}\n<img src=x onerror=owned(2)> <style>.score{{display:none}}</style>",
            "[marks](javascript:owned(3)) ![seen](https://attacker.example/seen.png)",
            "$$\\href{javascript:owned(4)}{x}$$ <iframe srcdoc='<script>owned(5)</script>'></iframe>",
            "<div><table><tr><td></div></div></div></div></div></div></div></div> <!--",
        ]
        for number, text in enumerate(texts):
            notebook["cells"].append({"cell_type": "markdown", "id": f"mine-{number}", "metadata": {}, "source": text})
        raw = {"raw_mimetype": "text/html", "format": "text/html"}
        notebook["cells"].append({"cell_type": "raw", "id": "raw", "metadata": raw, "source": SCRIPT})
        attached = {
            "x.svg": {"image/svg+xml": f"<svg onload='owned(6)'>{SCRIPT}</svg>"},
            f"{SCRIPT}": {"text/html": SCRIPT},
        }
        shown = {"attachments": attached, "metadata": {"tags": [f"'>{SCRIPT}"]}, "source": "![x](attachment:x.svg)"}
        notebook["cells"].append({"cell_type": "markdown", "id": "attached"} | shown)
        role = {"schema_version": 3, "grade": True, "solution": True, "locked": False, "task": False, "points": 1}
        graded = {"nbgrader": role | {"grade_id": f"'>{SCRIPT}"}}
        notebook["cells"].append({"cell_type": "markdown", "id": "graded", "metadata": graded, "source": "mine"})
        notebook["metadata"]["title"] = notebook["metadata"]["authors"] = SCRIPT
        notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {SCRIPT: SCRIPT}}}

    _changed(path, change)


# -- 53: bad JSON -------------------------------------------------------------------------------------------------


def cut_short(path: Path) -> None:
    """Row 53: bad JSON: the file ends in the middle."""
    path.write_bytes(path.read_bytes()[:-1000])


def no_notebook(path: Path) -> None:
    """Row 53: JSON that is no notebook: a list."""
    path.write_text("[1, 2, 3]", encoding="utf-8")


def nested_without_end(path: Path) -> None:
    """Row 53: JSON nested a hundred thousand deep."""
    path.write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}", encoding="utf-8")


def wrong_types(path: Path) -> None:
    """Row 53: JSON in which cells are numbers, metadata a list and a source an object."""

    def change(notebook: dict[str, Any]) -> None:
        notebook["metadata"] = [1]
        notebook["cells"][0] = 7
        notebook["cells"][1]["source"] = {"text": 1}
        notebook["cells"][2]["metadata"] = []

    _changed(path, change)


def old_format(path: Path) -> None:
    """Row 53: a notebook of format 3, as of ten years ago."""
    cell = {"cell_type": "code", "collapsed": False, "input": "def double(x): return 2 * x", "language": "python"}
    cell |= {"metadata": {}, "outputs": []}
    old = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [cell]}]}
    path.write_text(json.dumps(old), encoding="utf-8")


# -- 54: missing cell ---------------------------------------------------------------------------------------------


def check_deleted(path: Path) -> None:
    """Row 54: missing cell: two checks deleted."""
    _changed(path, lambda notebook: _without(notebook, "double-large", "echo-binary"))


def imports_deleted(path: Path) -> None:
    """Row 54: missing cell: the imports and a statement deleted."""
    _changed(path, lambda notebook: _without(notebook, "imports", "double-statement"))


def solution_deleted(path: Path) -> None:
    """Row 54: missing cell: an answer deleted."""
    _changed(path, lambda notebook: _without(notebook, "double"))


def order_reversed(path: Path) -> None:
    """Row 54: no cell in its place: the notebook stands on its head."""
    _changed(path, lambda notebook: notebook["cells"].reverse())


# -- 55: copied cell ----------------------------------------------------------------------------------------------


def check_copied(path: Path) -> None:
    """Row 55: copied cell with the same grade_id: each check once more, before it and after it, empty."""

    def change(notebook: dict[str, Any]) -> None:
        cells = []
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                before, after = _copy(cell, source="pass"), _copy(cell, source="pass", id=f"second-{cell['id']}")
                cells += [before, cell, after]
            else:
                cells.append(cell)
        notebook["cells"] = cells

    _changed(path, change)


def solution_copied(path: Path) -> None:
    """Row 55: copied cell with the same grade_id: an answer, twice, in the same words."""

    def change(notebook: dict[str, Any]) -> None:
        answer = _cell(notebook, "double")
        notebook["cells"].insert(notebook["cells"].index(answer) + 1, _copy(answer))

    _changed(path, change)


def pasted_twice(path: Path) -> None:
    """Row 55: the whole notebook pasted below itself, ids and all."""
    _changed(path, lambda notebook: notebook["cells"].extend(json.loads(json.dumps(notebook["cells"]))))


# -- 56: changed id, points or flags ------------------------------------------------------------------------------


def points_changed(path: Path) -> None:
    """Row 56: points changed: to 1000, to less than nothing, to no number."""

    def change(notebook: dict[str, Any]) -> None:
        for name, points in (
            ("double-small", 1000),
            ("double-large", -5),
            ("label-shown", "many"),
            ("echo-once", 1e999),
        ):
            _cell(notebook, name)["metadata"]["nbgrader"]["points"] = points
        _cell(notebook, "double")["source"] = "def double(x):\n    return None\n"

    _changed(path, change)


def flags_changed(path: Path) -> None:
    """Row 56: flags changed: checks that are answers, not locked, not graded, and empty."""

    def change(notebook: dict[str, Any]) -> None:
        for name, flags in (
            ("double-small", {"grade": True, "solution": True, "locked": False}),
            ("double-large", {"grade": False, "solution": False, "locked": False}),
            ("imports", {"solution": True, "locked": False}),
        ):
            cell = _cell(notebook, name)
            cell["metadata"]["nbgrader"] |= flags
            cell["source"] = "pass"
        _cell(notebook, "double")["source"] = "def double(x):\n    return None\n"

    _changed(path, change)


def check_emptied(path: Path) -> None:
    """Row 56: checks emptied, their flags as they were."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["source"] = "pass"
        _cell(notebook, "double")["source"] = "def double(x):\n    return None\n"

    _changed(path, change)


def check_renamed(path: Path) -> None:
    """Row 56: a check's id changed: to one that is not there, to another's, to none."""

    def change(notebook: dict[str, Any]) -> None:
        _cell(notebook, "double-small")["metadata"]["nbgrader"]["grade_id"] = "nobody"
        _cell(notebook, "double-large")["metadata"]["nbgrader"]["grade_id"] = "label-shown"
        del _cell(notebook, "ask-reply")["metadata"]["nbgrader"]["grade_id"]
        _cell(notebook, "ask-pieces")["metadata"] = {}

    _changed(path, change)


def solution_renamed(path: Path) -> None:
    """Row 56: an answer's id changed; it stands where it stood."""

    def change(notebook: dict[str, Any]) -> None:
        _cell(notebook, "double")["metadata"]["nbgrader"]["grade_id"] = "doubled"

    _changed(path, change)


# -- 57: cell type changed ----------------------------------------------------------------------------------------


def _as(kind: str, *names: str) -> Callable[[dict[str, Any]], None]:
    def change(notebook: dict[str, Any]) -> None:
        for cell in (_cell(notebook, name) for name in names):
            cell["cell_type"] = kind
            for key in ("outputs", "execution_count"):
                cell.pop(key, None)

    return change


def check_as_text(path: Path) -> None:
    """Row 57: cell type changed: checks and imports as text."""
    _changed(path, _as("markdown", "double-small", "echo-once", "imports"))


def solution_as_text(path: Path) -> None:
    """Row 57: cell type changed: an answer as text."""
    _changed(path, _as("markdown", "double"))


def solution_as_raw(path: Path) -> None:
    """Row 57: cell type changed: an answer as a raw cell."""
    _changed(path, _as("raw", "double"))


# -- 58: outputs --------------------------------------------------------------------------------------------------


def heavy_outputs(path: Path) -> None:
    """Row 58: 100 MB of outputs, and forged ones: results, errors and marks."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
                cell["outputs"] = [result | {"data": {"text/plain": "1000", "text/html": SCRIPT}}]
                cell["execution_count"] = 7
        stream = {"output_type": "stream", "name": "stdout"}
        flood = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (40 * MIB)}}
        _cell(notebook, "double")["outputs"] += [stream | {"text": "x" * (60 * MIB)}, flood]
        _cell(notebook, "label")["outputs"] += [stream | {"text": "line\n"} for _ in range(5000)]
        error = {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": [SCRIPT]}
        _cell(notebook, "ask")["outputs"] = [error]
        _cell(notebook, "double-small")["source"] = "pass"
        _cell(notebook, "label")["source"] = "def label(number):\n    return None\n"

    _changed(path, change)


# -- 59: wrong or renamed file ------------------------------------------------------------------------------------


def renamed(path: Path) -> None:
    """Row 59: renamed file: 90-attacked (1).ipynb."""
    path.rename(path.with_name("90-attacked (1).ipynb"))


def another_notebook(path: Path) -> None:
    """Row 59: wrong file: a notebook, but not of this assignment."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


def nothing(path: Path) -> None:
    """Row 59: wrong file: none at all."""
    path.unlink()


def empty(path: Path) -> None:
    """Row 59: wrong file: one of 0 bytes."""
    path.write_bytes(b"")


def a_folder(path: Path) -> None:
    """Row 59: wrong file: a folder by the notebook's name."""
    path.rename(path.with_name("inner"))
    path.mkdir()
    path.with_name("inner").rename(path / "90-attacked.ipynb")


def copies_beside(path: Path) -> None:
    """Row 59: the right file, and beside it copies and other notebooks, one of them broken."""
    shutil.copyfile(path, path.with_name("90-attacked-Copy1.ipynb"))
    another_notebook(path.with_name("Untitled.ipynb"))
    path.with_name("broken.ipynb").write_bytes(b"{")
    checkpoints = path.with_name(".ipynb_checkpoints")
    checkpoints.mkdir()
    shutil.copyfile(path, checkpoints / "90-attacked-checkpoint.ipynb")


# -- 60: symlink, `..`, zip bomb ----------------------------------------------------------------------------------


def link_to_a_classmate(path: Path) -> None:
    """Row 60: symlink: to the notebook of somebody else in the class."""
    path.unlink()
    path.symlink_to("../../ada_lovelace/90-attacked/90-attacked.ipynb")


def link_to_the_source(path: Path) -> None:
    """Row 60: symlink by way of `..`: the folder handed in is the instructor's, with solutions and hidden tests."""
    folder = path.parent
    shutil.rmtree(folder)
    folder.symlink_to("../../source/90-attacked", target_is_directory=True)


def link_to_a_device(path: Path) -> None:
    """Row 60: symlink: to a file without an end."""
    path.unlink()
    path.symlink_to("/dev/zero")


def zip_bomb(path: Path) -> None:
    """Row 60: zip bomb: 200 MB of nothing in 200 kB, by the notebook's name."""
    path.write_bytes(_zip({"90-attacked.ipynb": bytes(200 * MIB)}))


def strange_neighbours(path: Path) -> None:
    """Row 60: a right notebook, and around it links, a pipe, `..` in an archive, a gigabyte of nothing, odd names."""
    folder = path.parent
    (folder / "everything").symlink_to("/", target_is_directory=True)
    (folder / "secret.txt").symlink_to("../../../../secret-beside-the-course.txt")
    (folder / "itself").symlink_to(".", target_is_directory=True)
    (folder / "nowhere").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    (folder / "homework.zip").write_bytes(_zip({"../../../../escaped.txt": b"out", "/etc/escaped": b"out"}))
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(1024 * MIB)
    for name in ("-rf", "a\nb", "$(touch attacked-60)", "%s%n", "socket.py", "sitecustomize.py", "conftest.py"):
        (folder / name).write_text("raise SystemExit('shadowed')\n", encoding="utf-8")
    os.close(os.open(os.fsencode(folder) + b"/\xff\xfe", os.O_CREAT))


def _zip(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return archive.getvalue()


# -- 61: wrong kernelspec -----------------------------------------------------------------------------------------


def other_kernel(path: Path) -> None:
    """Row 61: wrong kernelspec: another language, a path for a name, a script for a title."""

    def change(notebook: dict[str, Any]) -> None:
        kernel = {"name": "../../../tmp/evil", "display_name": SCRIPT, "language": "bash", "argv": ["/bin/false"]}
        notebook["metadata"] = {"kernelspec": kernel, "language_info": {"name": SCRIPT, "pygments_lexer": "html"}}

    _changed(path, change)


def no_kernel(path: Path) -> None:
    """Row 61: wrong kernelspec: none, nor any other metadata."""
    _changed(path, lambda notebook: notebook.update(metadata={}))


# -- 62: not UTF-8, NUL -------------------------------------------------------------------------------------------


def latin_1(path: Path) -> None:
    """Row 62: not UTF-8: Latin-1."""
    path.write_bytes(path.read_text(encoding="utf-8").replace("Attacked", "Attaqué").encode("latin-1"))


def utf_16(path: Path) -> None:
    """Row 62: not UTF-8: UTF-16."""
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def nul_bytes(path: Path) -> None:
    """Row 62: NUL: the file was written over with zeros, from the middle on."""
    half = path.stat().st_size // 2
    path.write_bytes(path.read_bytes()[:half] + bytes(half))


def lone_surrogate(path: Path) -> None:
    """Row 62: not UTF-8, behind a JSON escape: half a character in an answer."""

    def change(notebook: dict[str, Any]) -> None:
        _cell(notebook, "double")["source"] += "\nhalf = '\ud800'\n"

    _changed(path, change)


def nul_in_an_answer(path: Path) -> None:
    """Row 62: NUL, behind a JSON escape, in an answer."""

    def change(notebook: dict[str, Any]) -> None:
        _cell(notebook, "double")["source"] += "\n# \x00\n"

    _changed(path, change)


# -- 63: syntax error ---------------------------------------------------------------------------------------------


def syntax_error(path: Path) -> None:
    """Row 63: syntax error in one cell: only what depends on it."""

    def change(notebook: dict[str, Any]) -> None:
        _cell(notebook, "double")["source"] = "def double(x:\n    return 2 * x\n"

    _changed(path, change)


def unfinished_cells(path: Path) -> None:
    """Row 63: cells of the student's own that do not run: a syntax error, an exception, a magic nobody knows."""

    def change(notebook: dict[str, Any]) -> None:
        for number, source in enumerate(
            ("def (", "1 / 0", "%%nobody_knows\nthis", "!exit 3", "import nothing_like_it")
        ):
            own = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "source": source, "outputs": []}
            notebook["cells"].insert(3 + number, own | {"execution_count": None})

    _changed(path, change)
