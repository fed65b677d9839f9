"""Notebooks in their normal form: the course's own, and the rules on small ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, grading_cell, tiny_notebook
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder import notebooks, release
from autograder.course import Course, UsageError

COURSE = Course(ROOT)
SOURCES = sorted(COURSE.source.rglob("*.ipynb"))
EXERCISES = [*SOURCES, *sorted(COURSE.release.rglob("*.ipynb"))]
LECTURES = list(COURSE.lecture_notebooks())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- the course's own


@pytest.mark.parametrize("path", [*EXERCISES, *LECTURES], ids=_name)
def test_a_notebook_is_in_normal_form(path):
    kind = "lecture" if path in LECTURES else "exercise"
    notebook = notebooks.read(path)
    assert not list(notebooks.faults(notebook, kind))
    assert notebooks.text(notebook).encode("utf-8") == path.read_bytes(), f"autograder tidy {_name(path)}"


@pytest.mark.parametrize("path", LECTURES, ids=_name)
def test_a_lecture_shows_what_it_prints(path):
    assert any(cell.get("outputs") for cell in notebooks.read(path).cells)
    assert all(cell.source.strip() for cell in notebooks.read(path).cells)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_the_markers_of_a_source_are_in_order(path):
    assert not list(notebooks.marker_faults(notebooks.read(path)))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_check_has_points_and_a_name_of_its_own(path):
    cells = [cell for cell in notebooks.read(path).cells if cell.metadata.get("nbgrader")]
    names = [cell.metadata.nbgrader.grade_id for cell in cells]
    assert len(names) == len(set(names))
    checks = [cell for cell in cells if notebooks.is_check(cell)]
    assert checks
    assert all(cell.metadata.nbgrader.points > 0 and cell.metadata.nbgrader.locked for cell in checks)


@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_the_release_is_what_the_source_gives_and_leaks_nothing(assignment):
    assert release.compare(COURSE, [assignment]) == ()
    assert release.leaks(COURSE, [assignment]) == ()


def test_nothing_is_released_without_a_source():
    assert set(COURSE.released()) <= set(COURSE.assignments())


# --- the rules


def test_normal_form_is_stable_and_leaves_nothing_to_fault():
    wild = new_notebook(
        cells=[
            new_code_cell("a = 1", id="A_B", metadata={"collapsed": True, "tags": []}, execution_count=9),
            grading_cell("def f(): ...", "f-solution", solution=True),
            new_code_cell("a = 1", id="another"),
        ],
        metadata={"kernelspec": {"name": "other", "display_name": "Mine"}, "widgets": {}},
    )
    wild.cells[2].id = "f-solution"
    for kind in ("exercise", "lecture"):
        assert list(notebooks.faults(wild, kind))
        normal = notebooks.normal_form(wild, kind)
        assert not list(notebooks.faults(normal, kind))
        assert notebooks.text(notebooks.normal_form(normal, kind)) == notebooks.text(normal)
        assert [cell.id for cell in normal.cells] == ["a-1", "f-solution", "f-solution-2"]
        assert normal.metadata == notebooks.METADATA


def test_a_lecture_keeps_outputs_counted_from_one_and_loses_what_changes_on_every_run():
    outputs = [
        new_output("stream", name="stdout", text="one\n"),
        new_output("stream", name="stdout", text="two\n"),
        new_output("stream", name="stderr", text="three\n"),
        new_output("execute_result", {"text/plain": "4"}, execution_count=12),
        new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "6f"}}),
    ]
    notebook = new_notebook(cells=[new_code_cell("4", id="four", outputs=outputs, execution_count=12)])
    (cell,) = notebooks.normal_form(notebook, "lecture").cells
    assert [output.get("text", output.get("data")) for output in cell.outputs] == [
        "one\ntwo\n",
        "three\n",
        {"text/plain": "4"},
    ]
    assert cell.execution_count == cell.outputs[2].execution_count == 1
    assert notebook.cells[0].outputs[0].text == "one\n"
    assert notebooks.normal_form(notebook, "exercise").cells[0].outputs == []


def test_hidden_lines_are_those_that_stand_nowhere_else():
    notebook = tiny_notebook()
    assert notebooks.hidden_lines(notebook) == {"return x + x", "assert double(-3) == -6"}
    notebook.cells[0].source += "\n\nOne way is `return x + x`."
    assert notebooks.hidden_lines(notebook) == {"assert double(-3) == -6"}


@pytest.mark.parametrize(
    ("source", "role", "fault"),
    [
        ("### BEGIN SOLUTION\npass", {"solution": True}, "do not come in pairs"),
        ("### END SOLUTION\n### BEGIN SOLUTION", {"solution": True}, "do not come in pairs"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", {"solution": True}, "do not come in pairs"),
        ("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", {"solution": True}, "no grade cell"),
        ("### BEGIN SOLUTION\n### END SOLUTION", {"grade": True, "points": 1}, "no solution cell"),
        ("pass", {"solution": True}, "all of it would be replaced"),
    ],
)
def test_markers_out_of_order_are_told(source, role, fault):
    notebook = new_notebook(cells=[grading_cell(source, "here", **role)])
    assert any(fault in told for told in notebooks.marker_faults(notebook))
    assert not list(notebooks.marker_faults(tiny_notebook()))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "there is no file"),
        (b"", "it is not JSON"),
        (b'{"cells": [', "it is not JSON"),
        (b"\xff\xfe\x00n", "it is not UTF-8 text"),
        (b"[1, 2]", "is not a notebook"),
        (b"{}", "is not a notebook"),
        (b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}', "open it in JupyterLab"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
            "is not a notebook",
        ),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": "none"}', "is not a notebook"),
    ],
)
def test_what_is_no_notebook_is_said_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "n.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=reason):
        notebooks.read(path)
