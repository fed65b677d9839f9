"""A student's program: one of their functions, as something that can be started in a process of its own.

Owns turning a function into bytes and saying plainly why that is impossible. Must not start anything.
"""

from __future__ import annotations

import inspect
import io
import linecache
import os
import pickle
import socket
import struct
import sys
import textwrap
import threading
from abc import ABC, abstractmethod
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any, ClassVar

import cloudpickle

from autograder.exchange import Line


class Elsewhere(ABC):
    """A function that lives in another process, which alone can make a program of it (in grading; see `standin`)."""

    @abstractmethod
    def program(self, arguments: int) -> tuple[str, bytes, str]:
        """Its name, its pickle and its text, if it takes so many arguments. Raises NotAProgram."""

    @abstractmethod
    def source(self) -> str:
        """Its text, "" if it has none."""


class Fault(BaseException):
    """Grading itself went wrong, through no doing of the student's; the message says what. No check may catch it."""


class Stopped(Exception):
    """The process that a function lives in ended, or was ended, before it answered; the message says why."""


class NotAProgram(Exception):
    """The thing given cannot be started; the message says what to do about it."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [str(self)]


SPELLED = 400
"""The most bytes, or characters, of an argument that a history keeps."""


@dataclass(frozen=True)
class Surroundings:
    """What a program finds: module search path, environment variables, working directory, and its limits, if any."""

    path: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str
    limits: Mapping[str, int] | None


@dataclass(frozen=True)
class Program:
    """A function ready to cross into another process: its `name`, its pickle by value, and its text if it has one.

    `arguments` are those it gets after an address, spelled for the history (see `exchange.Exchange`).
    """

    name: str
    function: bytes
    source: str = ""
    arguments: tuple[str, ...] = ()

    def job(
        self,
        arguments: tuple[object, ...],
        stack: int | None,
        surroundings: Surroundings | None = None,
        names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> bytes:
        """What the child reads first: function, arguments, surroundings (ours, unless given), descriptor for stacks.

        `names` are host names that lead to the addresses beside them (see `names`).
        """
        around = surroundings or Surroundings(
            tuple(sys.path), dict(os.environ) | {"PYTHONUNBUFFERED": "1"}, os.getcwd(), None
        )
        job: dict[str, Any] = {
            "function": self.function,
            "arguments": arguments,
            "path": list(around.path),
            "environment": dict(around.environment),
            "directory": around.directory,
            "limits": around.limits,
            "stack": stack,
            "names": dict(names or {}),
        }
        return framed(pickle.dumps(job))


def framed(message: bytes) -> bytes:
    """A message as it crosses a pipe: behind its length, 8 bytes, most significant first."""
    return len(message).to_bytes(8, "big") + message


def source(function: object) -> str:
    """The text of a function, from its first column, and after it those of the functions and classes of the same
    notebook that it uses, directly or through others; "" for what has none (a builtin, say)."""
    if isinstance(function, Elsewhere):
        return function.source()
    found: dict[int, str] = {}
    ahead = [function]
    while ahead:
        one = ahead.pop(0)
        if id(one) not in found:
            found[id(one)] = _text(one)
            ahead += _used(one) if found[id(one)] else ()
    return "\n\n".join(filter(None, found.values()))


def _text(one: object) -> str:
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(one)))  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError, ValueError):  # ValueError: it is wrapped in itself
        return ""


def _used(one: object) -> list[object]:
    """The functions and classes, of the module that this one is of, that it names."""
    functions = [one] if isinstance(one, FunctionType) else list(filter(_is_function, vars(one).values()))
    found: list[object] = []
    for function in functions:
        space, home = function.__globals__, getattr(one, "__module__", None)
        named = (space.get(name) for name in sorted(_names(function.__code__)))
        found += [value for value in named if isinstance(value, FunctionType | type) and value.__module__ == home]
    return found


def _is_function(value: object) -> bool:
    return isinstance(value, FunctionType)


def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # it has no types
    """Pickles functions by value; what a cell may well hold beside them is made anew.

    That is a compiled format of struct, and a lock, which nobody holds in the new process.
    """

    dispatch_table: ClassVar[ChainMap[Any, Any]] = ChainMap(
        {type(make()): lambda lock, make=make: (make, ()) for make in (threading.Lock, threading.RLock)},
        {struct.Struct: lambda compiled: (struct.Struct, (compiled.format,))},
        cloudpickle.Pickler.dispatch_table,
    )


def pickled(function: object) -> bytes:
    """A function by value, with what it uses of its notebook; locks are made anew, unlocked."""
    file = io.BytesIO()
    _Pickler(file).dump(function)
    return file.getvalue()


@dataclass(frozen=True)
class Passed:
    """A socket among a program's arguments, which is no data: its descriptor, inherited, or on Windows its share."""

    descriptor: int
    share: bytes = b""


def spelled(argument: object) -> str:
    """An argument as a history tells it: many bytes only by their number, a socket only by its being one."""
    if isinstance(argument, socket.socket):
        return "…"
    if isinstance(argument, bytes):
        return repr(argument) if len(argument) <= SPELLED else f"bytes({len(argument)})"
    text = repr(argument)
    return text if len(text) <= SPELLED else "…"


def of(function: Callable[..., Any], arguments: int, further: tuple[object, ...] = ()) -> Program:
    """The program that calls `function` with so many positional arguments, of which `further` are the last.

    Raises NotAProgram if it is no function, cannot take them, or holds something that cannot be sent to another
    process (an open socket in a global variable, say).
    """
    if isinstance(function, Elsewhere):
        return Program(*function.program(arguments), tuple(map(spelled, further)))
    name = getattr(function, "__name__", type(function).__name__)
    if not callable(function):
        raise NotAProgram(
            f"A function is needed here, and this is {type(function).__name__}. Pass the name of your function "
            "without calling it: serve(echo_server), not serve(echo_server())."
        )
    try:
        inspect.signature(function).bind(*range(arguments))
    except TypeError as error:
        raise NotAProgram(
            f"{name} is called with {arguments} arguments, and its definition does not take them: {error}. "
            "Compare its first line with the one in the exercise."
        ) from None
    except ValueError:  # a builtin without a signature: calling it will tell
        pass
    try:
        return Program(name, pickled(function), source(function), tuple(map(spelled, further)))
    except Exception as error:
        raise NotAProgram(
            f"{name} cannot be started in a process of its own, because it uses something that only exists in this "
            f"notebook ({type(error).__name__}: {error}). Create sockets and threads inside the function, not in a "
            "cell above it."
        ) from None


_texts: dict[str, list[str]] | None = None


def keep_to(texts: dict[str, str]) -> None:
    """From now on, quote a reported place from these texts only, by file name.

    In grading a student's process says which file and line it is at, and could name any file of ours.
    """
    global _texts
    _texts = {file: text.splitlines() for file, text in texts.items()}


def line(place: list[Any] | None) -> Line | None:
    """A reported place, [file, line, function], with the text that stands there."""
    if place is None:
        return None
    file, number, function = str(place[0]), int(place[1]), str(place[2])
    return Line(file, number, function, _quoted(file, number).strip())


def _quoted(file: str, number: int) -> str:
    if _texts is None:
        return linecache.getline(file, number)
    lines = _texts.get(file, [])
    return lines[number - 1] if 0 < number <= len(lines) else ""
