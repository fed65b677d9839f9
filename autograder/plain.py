"""Plain data as text: how values cross between a student's process and ours, in both directions, without pickles.

Owns which values are plain and how each is written. Must not know what they are for. Reading never makes anything
but these values, whatever the text is: it may come from a student's process.

    None True 1 1.5 "text"   as in JSON (with NaN and Infinity as Python's json writes them)
    [1, 2]                   {"list": [1, 2]}, and so "tuple", "set", "frozenset"
    b"\\x00"                  {"bytes": "00"}, and so "bytearray"
    {"a": 1}                 {"dict": [["a", 1]]}
    socket.AF_INET           {"socket": "AF_INET"}: the members of the socket module's enumerations
"""

from __future__ import annotations

import enum
import json
import socket
from collections.abc import Callable
from typing import Any

DEEPEST = 50
"""So many collections inside one another are plain."""

DIGITS = 4000
"""An integer with more decimal digits than about this many is not plain; Python refuses to read one from text."""

_COLLECTIONS: dict[str, Callable[[Any], Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


_ENUMERATIONS = {type(found) for found in vars(socket).values() if isinstance(found, enum.IntEnum | enum.IntFlag)}


class NotPlain(ValueError):
    """A value that cannot cross, or a text that is no plain value; the message says why, in a few words."""


def dumps(value: object) -> str:
    """The value as text of one line. Raises NotPlain for what is no plain data."""
    return json.dumps(_written(value, 0))


def loads(text: str) -> Any:
    """The value of a text that `dumps` made. Raises NotPlain for any other text."""
    try:
        return _read(json.loads(text))
    except NotPlain:
        raise
    except (ValueError, RecursionError, TypeError, MemoryError) as error:  # TypeError: a set of lists
        raise NotPlain(f"no plain value ({type(error).__name__})") from None


def is_plain(value: object) -> bool:
    """Whether `dumps` takes the value."""
    try:
        _written(value, 0)
    except NotPlain:
        return False
    return True


def _written(value: Any, depth: int) -> Any:
    # `type(value) is`, not isinstance: a subclass may lie about everything
    kind: Any = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is int:
        if value.bit_length() > DIGITS * 3.3:
            raise NotPlain(f"an integer of {value.bit_length():,} bits")
        return value
    if kind in (bytes, bytearray):
        return {kind.__name__: value.hex()}
    if depth >= DEEPEST:
        raise NotPlain(f"collections inside one another, more than {DEEPEST} deep")
    if kind.__name__ in _COLLECTIONS and kind is _COLLECTIONS[kind.__name__]:
        return {kind.__name__: [_written(part, depth + 1) for part in value]}
    if kind is dict:
        return {"dict": [[_written(part, depth + 1) for part in pair] for pair in value.items()]}
    if kind in _ENUMERATIONS:
        member: Any = value
        if _member(member.name) is value:
            return {"socket": member.name}
    raise NotPlain(f"an object of type {kind.__name__}")


def _member(name: object) -> object:
    """The member of one of the socket module's enumerations by its name; None if there is none."""
    found = vars(socket).get(name) if isinstance(name, str) else None
    return found if isinstance(found, enum.IntEnum | enum.IntFlag) else None


def _read(written: Any, depth: int = 0) -> Any:
    if not isinstance(written, dict):
        if isinstance(written, list):
            raise NotPlain("a list that is not marked as one")
        return written
    if len(written) != 1 or depth > DEEPEST:
        raise NotPlain("no plain value")
    ((kind, inner),) = written.items()
    if kind in ("bytes", "bytearray") and isinstance(inner, str):
        return bytes.fromhex(inner) if kind == "bytes" else bytearray.fromhex(inner)
    if kind == "socket" and (member := _member(inner)) is not None:
        return member
    if isinstance(inner, list) and kind in _COLLECTIONS:
        return _COLLECTIONS[kind](_read(part, depth + 1) for part in inner)
    if isinstance(inner, list) and kind == "dict":
        return {_read(key, depth + 1): _read(value, depth + 1) for key, value in inner}
    raise NotPlain("no plain value")
