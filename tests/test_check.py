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
    first, *hints = outputs[-1].text.splitlines()
    assert first.startswith("For the check that failed last (htons: Step 1 failed: the check expected that htons(258)")
    assert [line[:2] for line in hints] == ["1.", "2.", "3."]


def test_a_terminal_shows_all_of_it() -> None:
    with pytest.raises(CheckFailed) as caught:
        expect.equal(1, 2, "f()")
    assert "expected  2" in str(caught.value)
    assert caught.value._render_traceback_() == caught.value.text().splitlines()


def test_hints_without_a_failure_or_of_an_unknown_number_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    check._failures.clear()
    hint()
    assert "No check has failed" in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        expect.equal(b"\2\1", b"\1\2", "pack(0x0102)")
    hint(4)
    assert "There are three hints" in capsys.readouterr().out


def test_a_hint_says_which_check_it_is_for_and_how_to_have_another_ones(capsys: pytest.CaptureFixture[str]) -> None:
    check._failures.clear()
    for what in ("pack(1)", "unpack(2)", "pack(3)"):
        with pytest.raises(CheckFailed):
            expect.equal(b"\2\1", b"\1\2", what)
    hint(2)
    first, *hints, last = capsys.readouterr().out.splitlines()
    assert first.startswith("For the check that failed last (pack: Step 1 failed: the check expected that pack(3) is 2")
    assert len(hints) == 2
    assert last == "For a hint on unpack, run its check again first."


def test_a_hint_where_no_mistake_is_known_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    check._failures.clear()
    with pytest.raises(CheckFailed):
        expect.equal(1, 2, "f()")
    hint(2)
    told = capsys.readouterr().out
    assert "there is no stronger hint. Compare expected and received, byte by byte; work out on paper" in told
    assert "ladder" not in told
