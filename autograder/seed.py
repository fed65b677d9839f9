"""The seed: payloads and parameters that differ from student to student and repeat for each.

Owns the drawing of values. Must not know what they are for. The same seed and the same arguments always give the
same value, in whatever order a notebook's cells run; a second value of the same kind is drawn with another `name`.

The seed is the environment variable AUTOGRADER_SEED (grading sets it to the student's id), else DEFAULT.
"""

from __future__ import annotations

import builtins
import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

DEFAULT = "visible"
VARIABLE = "AUTOGRADER_SEED"


@contextmanager
def of(student: str) -> Iterator[None]:
    """Within this context the seed is the student's, here and in every process started here."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = student
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def current() -> str:
    """The seed in force."""
    return os.environ.get(VARIABLE) or DEFAULT


def number() -> int:
    """The seed as a number, as histories and failing checks show it."""
    return int.from_bytes(hashlib.sha256(current().encode()).digest()[:4], "big")


def _generator(*what: object) -> random.Random:
    return random.Random(repr((current(), *what)))


def integer(low: int, high: int, name: str = "") -> int:
    """An integer n with low <= n <= high."""
    return _generator("integer", low, high, name).randint(low, high)


def bytes(size: int, name: str = "") -> builtins.bytes:
    """So many bytes; every value of a byte is as likely, zero and line ends among them."""
    return _generator("bytes", size, name).randbytes(size)


def text(size: int, name: str = "") -> str:
    """So many characters: letters of one, two, three and four bytes in UTF-8, and spaces."""
    return "".join(_generator("text", size, name).choices("abcdefgh éüß 汉字网络 𝄞", k=size))


def choice(values: tuple[str, ...], name: str = "") -> str:
    """One of these strings."""
    return _generator("choice", values, name).choice(values)
