"""The worker: the trusted process that runs a submission's cells, the student's in the sandbox, the checks here.

Owns the order of the cells and which runs where. Must not know the gradebook, nor who reads what it says.

    standard input    the task, a JSON object: cells (role, name, source), files, limits, seed
    standard output   one JSON object a line: for each cell what it displayed, as soon as it has been run; then the end
"""

from __future__ import annotations

import ast
import base64
import builtins
import json
import math
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from autograder import child, program, sandbox, session, shell, standin, verdict
from autograder.check import CheckStopped
from autograder.limits import Limits
from autograder.verdict import Cell

RUN_HERE = frozenset({"setup", "check"})
RUN_THERE = frozenset({"setup", "answer", "extra"})


class CheckTookTooLong(BaseException):
    """A check cell was not over in time; nothing in it may catch this."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [str(self)]


class Worker:
    """One submission under way."""

    def __init__(self, cells: Iterable[Cell], most: Limits, walls: sandbox.Inner | None) -> None:
        self._cells = tuple(cells)
        self._most = most
        self._session = session.Session(most, walls)
        self._shell = shell.start()
        self._wanted = _wanted(cell.source for cell in self._cells if cell.role in RUN_HERE)

    def run(self) -> Iterator[dict[str, Any]]:
        """Run every cell in order; what each displayed."""
        for number, cell in enumerate(self._cells):
            outputs: list[dict[str, Any]] = []
            if cell.role in RUN_THERE:
                ran = self._session.run(cell.source, _file(cell))
                outputs = ran.outputs + ([verdict.error("Stopped", ran.stopped)] if ran.stopped else [])
                if cell.role != "setup":
                    self._receive_names()
            if cell.role in RUN_HERE:
                outputs = self._here(cell)
            if cell.role in RUN_HERE | RUN_THERE:
                yield {"cell": number, "outputs": outputs}

    def end(self) -> None:
        """End every process of the student's."""
        self._session.end()
        child.dismiss_spare()

    def _receive_names(self) -> None:
        """Put a stand-in for each name of the student's that a check looks up; forget those that are gone."""
        try:
            told = self._session.ask("names", names=sorted(self._wanted)).get("names")
        except program.Stopped:
            told = {}
        for name in self._wanted:
            self._shell.user_ns.pop(name, None)
            if isinstance(told, dict) and name in told:
                try:
                    self._shell.user_ns[name] = standin.received(self._session, told[name], name)
                except program.Stopped:
                    continue

    def _here(self, cell: Cell) -> list[dict[str, Any]]:
        with _deadline(self._most.check_seconds):
            outputs, error = shell.run(self._shell, cell.source, _file(cell), self._most.output * 16)
        if error is not None and _is_ours(error):
            raise program.Fault(f"check {cell.name}: {type(error).__name__}: {error}")
        return _with_a_mark(outputs, cell.points) if cell.role == "check" else outputs


_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STUDENTS = (AssertionError, program.Stopped, program.NotAProgram, CheckStopped, CheckTookTooLong)


def _is_ours(error: BaseException) -> bool:
    """Whether an exception that ended a check came from our own code, and not from what the student's code did."""
    if isinstance(error, program.Fault | MemoryError):
        return True
    if isinstance(error, _STUDENTS) or hasattr(error, "places"):  # a stand-in raised what the student's code raised
        return False
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith("<"):  # the shell that runs the cell
        trace = trace.tb_next
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
            return True
        trace = trace.tb_next
    return False


def _file(cell: Cell) -> str:
    return f"<{cell.name}>"


def _as_run(source: str) -> str:
    """A cell's text as IPython compiles it, which leaves empty lines at its beginning out of the count."""
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", source)


def _with_a_mark(outputs: list[dict[str, Any]], points: float) -> list[dict[str, Any]]:
    """The outputs of a check; a value that is no mark between 0 and its points becomes an error, which gives none.

    nbgrader reads a number that a check displays as partial credit, nan and negative ones as full marks.
    """
    kept = []
    for output in outputs:
        if output["output_type"] == "execute_result" and not _is_mark(output["data"].get("text/plain", ""), points):
            said = (
                f"The check gave {output['data'].get('text/plain', '')[:100]}, which is no mark from 0 to {points:g}."
            )
            output = verdict.error("NoMark", said)
        kept.append(output)
    return kept


def _is_mark(text: str, points: float) -> bool:
    try:
        value = float(text)
    except ValueError:
        return True  # nbgrader takes it for a check that passed and shows something
    return math.isfinite(value) and 0 <= value <= points


def _wanted(sources: Iterable[str]) -> frozenset[str]:
    """The names that these cells look up and that neither they nor Python's builtins define."""
    looked_up: set[str] = set()
    defined: set[str] = set(vars(builtins)) | {"get_ipython", "In", "Out", "exit", "quit", "display"}
    for source in sources:
        for node in ast.walk(_tree(source)):
            if isinstance(node, ast.Name):
                (looked_up if isinstance(node.ctx, ast.Load) else defined).add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.add(node.name)
            elif isinstance(node, ast.arg):
                defined.add(node.arg)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                defined |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ExceptHandler) and node.name:
                defined.add(node.name)
    return frozenset(looked_up - defined)


def _tree(source: str) -> ast.AST:
    from IPython.core.inputtransformer2 import TransformerManager

    return ast.parse(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]


@contextmanager
def _deadline(seconds: int) -> Iterator[None]:
    """Within this context, raise CheckTookTooLong after so many seconds; a check that waits is woken."""

    def end(signal_number: int, frame: FrameType | None) -> None:
        raise CheckTookTooLong(f"This check was stopped: it was not over after {seconds} seconds.")

    if sys.platform == "win32":
        raise OSError("grading needs Linux")
    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _place_files(files: dict[str, str], folder: Path) -> None:
    """Write files, given in base64 by their names, into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text))


def main() -> None:
    """Run the task on standard input; the last line on standard output says that it is whole, or why it is not."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints past us must not be taken for an answer
    task = json.load(sys.stdin)
    most = Limits(**task["limits"])
    cells = [Cell(**cell) for cell in task["cells"]]
    _place_files(task["files"], Path.cwd())
    if task["sandboxed"]:  # a check reads only the instructor's files, not what a student's code may have changed
        os.chdir(tempfile.mkdtemp())
        _place_files({name: task["files"][name] for name in task["own"]}, Path.cwd())
    program.keep_to({_file(cell): _as_run(cell.source) for cell in cells if cell.role in RUN_THERE})
    walls = sandbox.Inner(most) if task["sandboxed"] else None
    if walls is not None:
        child.confine(walls)
        walls.watch()
    worker = Worker(cells, most, walls)
    try:
        for answer in worker.run():
            print(json.dumps(answer), file=answers, flush=True)
        print(json.dumps({"end": True}), file=answers, flush=True)
    except (Exception, program.Fault) as error:
        print(json.dumps({"fault": f"{type(error).__name__}: {error}"}), file=answers, flush=True)
    finally:
        worker.end()
