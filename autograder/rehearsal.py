"""One function of a student's file, run outside the harness, so that its author can talk to it with nc.

Owns loading the definitions of a notebook or a .py file, and telling an exception by the student's own lines.
Must not know the harness: no tracing, no child process, no deadline; the function has the terminal to itself.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import notebooks
from autograder.course import UsageError
from autograder.words import quantity

DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.If,
    ast.Try,
)
"""The statements that are loaded; what only tries something out (a call, a loop) is passed over."""

_OURS = str(Path(__file__).parent)


@dataclass(frozen=True)
class Piece:
    """A cell, or a whole .py file: what to call it and its text."""

    name: str
    source: str


def load(path: Path) -> types.ModuleType:
    """A module with the definitions of a .py file or of a notebook's cells, but not of its checks.

    Raises UsageError, naming the cell, when one cannot be read or raises.
    """
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses and pickle look their module up
    sys.path.insert(0, str(path.resolve().parent))
    for piece in _pieces(path):
        _execute(piece, module)
    return module


def function_of(module: types.ModuleType, name: str) -> Callable[..., Any]:
    """The function of that name. Raises UsageError, listing those there are, when there is none."""
    found = getattr(module, name, None)
    if callable(found):
        return found  # type: ignore[no-any-return]  # whatever a student defines
    known = sorted(key for key, value in vars(module).items() if isinstance(value, types.FunctionType))
    raise UsageError(f"{module.__file__} defines no function {name}. It defines: {', '.join(known) or 'none'}.")


Argument = int | float | bytes | str


def argument(word: str) -> Argument:
    """A word of the command line as an argument: a number, bytes as Python writes them, or else the text itself.

    Bytes are b'…', or bytes(6000000) for so many zeros. Raises UsageError for what only begins like them.
    """
    if re.fullmatch(r"[+-]?[0-9]+", word):
        return int(word)
    if re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", word):
        return float(word)
    if zeros := re.fullmatch(r"bytes\(([0-9]+)\)", word):
        return bytes(int(zeros[1]))
    return _literal(word) if word.startswith(("b'", 'b"')) else word


def _literal(word: str) -> bytes:
    try:
        value = ast.literal_eval(word)
    except (SyntaxError, ValueError):
        value = None
    if not isinstance(value, bytes):
        raise UsageError(f"{word} is not bytes as Python writes them. In a shell, put quotes around: \"b'hello'\"")
    return value


def announcement(function: Callable[..., Any], arguments: tuple[Argument, ...]) -> str:
    """What to tell while the function runs: how to talk to it, when its arguments are a host and a port."""
    call = f"{getattr(function, '__name__', function)}({', '.join(map(shown, arguments))})"
    running = f"{call} is running"
    match arguments:
        case (str(host), int(port), *others):
            called = set(getattr(getattr(function, "__code__", None), "co_names", ()))
            udp = " -u" if "SOCK_DGRAM" in called else ""
            if called & {"connect", "create_connection", "sendto"} and "bind" not in called:
                return f"{running}; it expects a server there: nc -l{udp} {host} {port}; stop with Ctrl-C"
            if not others:
                return f"{running}; talk to it with: nc{udp} {host or '127.0.0.1'} {port}; stop with Ctrl-C"
    return f"{running}; stop with Ctrl-C"


def shown(value: object, most: int = 1000) -> str:
    """A value as Python writes it; of a longer one than so many characters the beginning, of bytes their number."""
    if isinstance(value, bytes | bytearray) and len(value) > most:
        return quantity(len(value))
    text = repr(value)
    return text if len(text) <= 4 * most else f"{text[:most]} …"


def own_traceback(error: BaseException) -> str:
    """The traceback without the lines of this package, as Python prints it."""
    told = traceback.TracebackException.from_exception(error)
    for part in _chain(told):
        part.stack = traceback.StackSummary.from_list(
            [frame for frame in part.stack if not frame.filename.startswith(_OURS)]
        )
    return "".join(told.format()).rstrip()


def _chain(told: traceback.TracebackException | None) -> Iterator[traceback.TracebackException]:
    if told is not None:
        yield told
        yield from _chain(told.__cause__)
        yield from _chain(told.__context__)


def _pieces(path: Path) -> Iterator[Piece]:
    if path.suffix == ".ipynb":
        for number, cell in enumerate(notebooks.read(path).cells, start=1):
            if cell.cell_type == "code" and not notebooks.is_check(cell):
                yield Piece(f"{path.name}, cell {number} ({cell.get('id', 'no id')})", _without_magics(cell.source))
        return
    try:
        yield Piece(str(path), path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None


def _without_magics(source: str) -> str:
    """The cell's Python: lines that begin with % or ! are emptied, and so is a %%cell in another language."""
    first = source.lstrip().split(maxsplit=1)[:1]
    if first and first[0].startswith("%%") and first[0] not in {"%%time", "%%timeit", "%%capture"}:
        return ""
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())


def _execute(piece: Piece, module: types.ModuleType) -> None:
    linecache.cache[piece.name] = (
        len(piece.source),
        None,
        piece.source.splitlines(keepends=True),
        piece.name,
    )
    try:
        tree = ast.parse(piece.source, piece.name)
        tree.body = [statement for statement in tree.body if isinstance(statement, DEFINITIONS)]
        exec(compile(tree, piece.name, "exec"), vars(module))
    except Exception as error:
        raise UsageError(f"{piece.name} does not load; mend it first.\n{own_traceback(error)}") from None
