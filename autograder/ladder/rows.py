"""The rows of a ladder: the words in which a picture of an exchange is described before it is drawn.

Owns what stands left, what stands right, and the arrows that join them. Must not know how they are found or drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.ladder.wire import Kind
from autograder.words import quantity

Mark = Literal["", "blocked", "error", "failed", "end"]


@dataclass(frozen=True)
class Entry:
    """One call at its side: its caption, its client where there are several, its line in the student's program."""

    text: str
    lane: str = ""
    line: int | None = None
    mark: Mark = ""
    name: str = ""


@dataclass(frozen=True)
class Row:
    """What happened at one height: left, right, or both where one caused the other at once.

    Or `gap` says how many rows are left out here (`hidden` of them); `inside` counts the calls they had, by name.
    """

    left: Entry | None = None
    right: Entry | None = None
    gap: str = ""
    hidden: int = 0
    inside: tuple[tuple[str, int], ...] = ()

    @property
    def counts(self) -> str:
        """The calls left out: `recv × 52, send × 26`."""
        return ", ".join(f"{name} × {count:,}" for name, count in self.inside[:3])


@dataclass(frozen=True)
class Arrow:
    """What crossed, from row `tail` to row `head` (never above it); `head` is None where nobody noticed."""

    tail: int
    head: int | None
    rightwards: bool
    kind: Kind
    sign: str
    size: int
    note: str = ""

    def label(self, size: int | None = None) -> str:
        """What crossed: its sign, or its bytes (`size` of them, where several arrows are told as one)."""
        return self.sign or quantity(self.size if size is None else size)


@dataclass(frozen=True)
class Wait:
    """A call that never returned: its side's life line waits from row `start` to row `end`."""

    start: int
    end: int
    left: bool


@dataclass(frozen=True)
class Layout:
    """A ladder ready to be drawn: the names over the life lines, the rows, the arrows, and all of it in a sentence."""

    left: str
    right: str
    rows: tuple[Row, ...]
    arrows: tuple[Arrow, ...]
    waits: tuple[Wait, ...]
    summary: str
