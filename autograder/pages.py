"""Feedback pages: what nbgrader puts on them, and what it must leave out.

Owns keeping the text of hidden checks off the pages, in the cells and in the tracebacks below them.
Must not know how a check failed or what is displayed for it. nbgrader_config.py names it, so that the pages are
the same from `autograder grade`, from stock nbgrader and from the formgrader's button.
"""

from __future__ import annotations

from typing import Any

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import notebooks, submission

PLACE = "# (hidden checks ran here)"


class HideHiddenChecks(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Put PLACE for each region of hidden tests, and leave a traceback that quotes one only its last line.

    Of a submission that was set aside only the reason is shown: there are no marks to tell of.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """nbconvert's hook for a notebook."""
        if submission.why_set_aside(nb):
            del nb.cells[1:]
            resources["nbgrader"] |= {"score": 0, "max_score": 0}
            return nb, resources
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """nbconvert's hook for one cell."""
        shown, hidden = notebooks.without_hidden_tests(cell.source, PLACE)
        if not hidden:
            return cell, resources
        cell.source = shown
        for output in cell.get("outputs", []):
            if output.get("ename") in {None, "CheckFailed"}:  # a failed check tells steps, and quotes no cell
                continue
            told = strip_ansi("\n".join(output.get("traceback", [])))
            if any(line in told for line in hidden):
                last = f"{output.ename}: {output.evalue}".rstrip(": ")
                output.traceback = [f"A hidden check raised {last}"]
        return cell, resources
