"""A check that failed: what a notebook and a terminal show of it."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import CheckFailed, check, expect, hint

CELL = """
from autograder import expect, hint

def htons(x):
    return x

expect.returns(0x0201, htons, 0x0102)
"""


@pytest.fixture(scope="module")
def outputs() -> list[nbformat.NotebookNode]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (CELL, "hint(3)")])
    NotebookClient(notebook, allow_errors=True, timeout=60).execute()
    return [output for cell in notebook.cells for output in cell.outputs]


def test_a_notebook_shows_the_page_and_a_brief_text(outputs: list[nbformat.NotebookNode]) -> None:
    page, error, _ = outputs
    assert '<div class="autograder' in page.data["text/html"]
    assert error.ename == "CheckFailed"
    shown = "\n".join(error.traceback)
    assert shown.startswith("✗ Step 1 failed")
    assert "Traceback" not in shown
    assert "autograder/" not in shown


def test_stronger_hints_come_on_demand(outputs: list[nbformat.NotebookNode]) -> None:
    assert [line[:2] for line in outputs[-1].text.splitlines()] == ["1.", "2.", "3."]


def test_a_terminal_shows_all_of_it() -> None:
    with pytest.raises(CheckFailed) as caught:
        expect.equal(1, 2, "f()")
    assert "What your program was doing" in str(caught.value)
    assert caught.value._render_traceback_() == caught.value.text().splitlines()


def test_hints_without_a_failure_or_of_an_unknown_number_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    check._last.clear()
    hint()
    assert "No check has failed" in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        expect.equal(b"\2\1", b"\1\2", "pack(0x0102)")
    hint(4)
    assert "There are three hints" in capsys.readouterr().out
