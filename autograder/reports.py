"""Reports: what the process with a student's program may say of itself, checked before anything is believed.

Owns the form of each kind of report (see `calls` and `entry`, which write them). Must not know what follows from one.
A student's code can write to the same pipe. What does not have the form is dropped; what has it can only tell lies
about the program itself, as the program could by acting so.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from autograder import calls

TEXT = 4096
"""The most characters of a message in a report, or of a value as it is shown."""

SHORT = 400
"""The most characters of any other text, but for a value returned."""

_NAME = re.compile(r"[a-z_]{1,32}")


def _whole(value: object, most: int = 2**53) -> bool:
    return type(value) is int and abs(value) <= most


def _number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _time(value: object) -> bool:
    """A time of this machine's monotonic clock, in seconds: not in the future, and a number."""
    return _number(value, 0, time.monotonic() + 1)


def _long(value: object) -> bool:
    return type(value) is str and len(value) <= TEXT


def _text(value: object) -> bool:
    return type(value) is str and len(value) <= SHORT


def _name(value: object) -> bool:
    return type(value) is str and _NAME.fullmatch(value) is not None


def _address(value: object) -> bool:
    """[host, port], [host, the port as a text], or None."""
    if value is None:
        return True
    return (
        type(value) is list
        and len(value) == 2
        and _text(value[0])
        and (_whole(value[1], 2**32) or (type(value[1]) is str and value[1].isdecimal() and len(value[1]) < 10))
    )


def is_place(value: object) -> bool:
    """Whether it is [file, line, function]."""
    return type(value) is list and len(value) == 3 and _long(value[0]) and _whole(value[1]) and _text(value[2])


def _list_of(fits: Callable[[object], bool], most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is list and len(value) <= most and all(map(fits, value))


def _hex(value: object) -> bool:
    if type(value) is not str or len(value) > 2 * calls.STORED:
        return False
    try:
        bytes.fromhex(value)
    except ValueError:
        return False
    return True


MOST_WAIT = 1e9
"""The longest time-out of a socket that is believed, in seconds."""


def _wait(value: object) -> bool:
    return value is None or _number(value, -1, MOST_WAIT)


def _either(*fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: any(fit(value) for fit in fits)


FIELDS: dict[str, Callable[[object], bool]] = {
    "args": _list_of(_either(_text, _whole), 20),
    "count": _whole,
    "data": _hex,
    "e": _text,
    "error": _text,
    "family": _text,
    "fd": _whole,
    "frames": _list_of(is_place, 20),
    "kinds": _list_of(_text, 100),
    "line": lambda value: value is None or is_place(value),
    "local": _address,
    "made": _whole,
    "message": _long,
    "mlocal": _address,
    "mremote": _address,
    "n": _whole,
    "name": _text,
    "parent": _whole,
    "pid": _whole,
    "plain": lambda value: type(value) is bool,
    "remote": _address,
    "result": _either(_text, _whole),
    "s": _whole,
    "shown": _long,
    "size": _whole,
    "status": _whole,
    "t": _time,
    "t1": _time,
    "tid": lambda value: _whole(value, 2**64),
    "type": _text,
    "value": lambda value: type(value) is str,
    "wait": _wait,
}
"""Each field that a report may have, and what it must be."""

NEEDED: dict[str, tuple[str, ...]] = {
    "call": ("pid", "name", "s", "fd", "t", "tid", "line", "family", "type", "local", "remote", "wait", "args"),
    "end": ("pid", "n", "t1"),
    "start": ("pid",),
    "fork": ("pid", "parent"),
    "crash": ("pid", "error", "name", "kinds", "message", "frames"),
    "thread crash": ("pid", "error", "name", "kinds", "message", "frames"),
    "return": ("pid", "shown", "plain"),
    "exit": ("pid", "status"),
    "dropped": ("pid", "count", "name"),
}
"""The fields that a report of each kind must have."""


def parse(line: bytes) -> dict[str, Any] | None:
    """The report that a line holds; None if it is none."""
    try:
        report = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) and _fits(report) else None


def _fits(report: Mapping[str, Any]) -> bool:
    kind = report.get("e")
    if not isinstance(kind, str) or kind not in NEEDED or not all(name in report for name in NEEDED[kind]):
        return False
    if not all(name in FIELDS and FIELDS[name](value) for name, value in report.items()):
        return False
    if kind == "call":
        return _name(report["name"]) and ("t1" in report or "n" in report)
    return kind != "return" or ("value" if report["plain"] else "type") in report
