"""A shell that runs a notebook's cells in this process and collects what they show, as a notebook keeps it.

Owns the collecting: streams, displayed data, values, errors. Must not know whose cells they are.
It is IPython's own shell, so magics, top-level await and tracebacks are as in JupyterLab.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

CUT = "\n… (more was printed, and is left out)\n"


class Outputs:
    """What one cell showed, in order; of streams the first `most` characters are kept."""

    def __init__(self, most: int) -> None:
        self.shown: list[dict[str, Any]] = []
        self._left = most

    def stream(self, name: str, text: str) -> None:
        """Text on a standard stream, joined to the last output if that is of the same stream."""
        if self._left < 0:
            return
        cut, self._left = text[: self._left], self._left - len(text)
        if self._left < 0:
            cut += CUT
        last = self.shown[-1] if self.shown else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += cut
        else:
            self.shown.append({"output_type": "stream", "name": name, "text": cut})

    def data(self, kind: str, data: dict[str, Any], **rest: Any) -> None:
        """Something displayed, or a value."""
        self._left -= sum(len(part) for part in data.values() if isinstance(part, str | bytes))
        if self._left >= 0:
            self.shown.append({"output_type": kind, "data": data, "metadata": {}, **rest})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """An exception that ended the cell."""
        self.shown.append({"output_type": "error", "ename": name, "evalue": value, "traceback": traceback})


class _Stream(io.TextIOBase):
    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if type(text) is not str:
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.stream(self._name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        self.shell.outputs.data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.shown.clear()


class _Values(DisplayHook):
    shell: Any

    def write_output_prompt(self) -> None:
        """No prompt: the value is shown as one."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.outputs.data("execute_result", dict(format_dict), execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        """Nothing to print behind it."""
        self._is_active = False


class _Compiler(CachingCompiler):
    """Names a cell's code as the notebook's runner does, so that a line reported from elsewhere can be found."""

    cell = "<cell>"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.cell


class Shell(InteractiveShell):
    """IPython's shell, whose cells' outputs are collected."""

    displayhook_class = Type(_Values)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)
    compile: Any
    outputs = AnyTrait()
    collects = AnyTrait(True)
    """That displayed pictures are kept, as in a notebook (see `check`)."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        try:
            value = str(evalue)
        except BaseException:  # an exception's class may be a student's
            value = ""
        self.outputs.error(str(etype.__name__), value, [line for part in stb for line in str(part).split("\n")])

    def enable_gui(self, gui: Any = None) -> None:
        """There is none."""


def start() -> Shell:
    """The shell, one for a process, without a history, profile or startup files of anybody's."""
    settings = Config()
    settings.HistoryManager.enabled = False
    shell: Shell = Shell.instance(config=settings)
    return shell


def run(shell: Shell, source: str, name: str, most: int) -> tuple[list[dict[str, Any]], BaseException | None]:
    """Run a cell; `name` stands for its file. What it showed, and the exception that ended it, if one did."""
    shell.outputs = Outputs(most)
    shell.compile.cell = name
    with streams(shell.outputs):
        result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    return shell.outputs.shown, result.error_before_exec or result.error_in_exec


@contextlib.contextmanager
def streams(outputs: Outputs) -> Iterator[None]:
    """Within this context, what Python prints is collected."""
    with (
        contextlib.redirect_stdout(_Stream("stdout", outputs)),
        contextlib.redirect_stderr(_Stream("stderr", outputs)),
    ):
        yield
