"""The ladder as text: two columns and what crossed between them, for terminals, paper and screen readers.

Owns columns and line breaks. Must not know how the rows came to be.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.exchange import Exchange
from autograder.ladder.captions import broken
from autograder.ladder.layout import layout
from autograder.ladder.rows import Arrow, Entry, Layout, Row

NUMBER = 5
"""Columns of a line number and the space after it."""

MIDDLE = 14
"""Columns between the two sides, where the arrows are."""


def text(exchange: Exchange, *, width: int = 78) -> str:
    """The ladder in at most `width` columns (60 at least), lines without trailing spaces."""
    laid = layout(exchange)
    left = (max(width, 60) - NUMBER - MIDDLE) // 2
    right = max(width, 60) - NUMBER - MIDDLE - left
    lines = [
        "line".ljust(NUMBER) + laid.left.ljust(left)[:left] + " " * MIDDLE + laid.right,
        "─" * (NUMBER + left) + " " * MIDDLE + "─" * right,
    ]
    for number, row in enumerate(laid.rows):
        lines += [f"{row.gap} {row.counts} …".center(width)] if row.gap else _lines(laid, number, row, left, right)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _lines(laid: Layout, number: int, row: Row, left: int, right: int) -> Iterator[str]:
    arrow, note = _crossing(laid.arrows, number)
    at_left, at_right = _cell(row.left, left, row.right is not None), _cell(row.right, right, False)
    if note and row.left is None:
        at_left = broken(f"({note})", left)
    elif note and row.right is None:
        at_right = broken(f"({note})", right)
    where = str(row.left.line) if row.left and row.left.line else ""
    for height in range(max(len(at_left), len(at_right))):
        yield (
            (where.rjust(NUMBER - 1) if height == 0 else "").ljust(NUMBER)
            + (at_left[height] if height < len(at_left) else "").ljust(left)
            + (arrow if height == 0 else "").center(MIDDLE)
            + (at_right[height] if height < len(at_right) else "")
        )


def _cell(entry: Entry | None, width: int, beside: bool) -> list[str]:
    if entry is None:
        return []
    return broken(f"{entry.lane}: {entry.text}" if entry.lane and not beside else entry.text, width)


def _crossing(arrows: tuple[Arrow, ...], number: int) -> tuple[str, str]:
    """The middle of one row, and a note for the side where nobody noticed."""
    at_once = [a for a in arrows if a.tail == number == a.head]
    arriving = [a for a in arrows if a.head == number and a.tail != number]
    leaving = [a for a in arrows if a.tail == number and a.head != number]
    for arrow in at_once:
        note = next((a.note for a in leaving if a.head is None), "")
        return _drawn(arrow.label(), arrow.rightwards, head=True, tail=True), note
    for arrow in arriving:
        total = sum(other.size for other in arriving)
        return _drawn(arrow.label(total), arrow.rightwards, head=True, tail=False), ""
    for arrow in leaving:
        total = sum(other.size for other in leaving)
        return _drawn(arrow.label(total), arrow.rightwards, head=arrow.head is None, tail=True), arrow.note
    return "", ""


def _drawn(label: str, rightwards: bool, *, head: bool, tail: bool) -> str:
    """`── 5 bytes ──▶`; an end that lies in another row is dotted."""
    width = MIDDLE - 2
    if len(label) > width - 4:
        label = label.replace(" bytes", " B")
    body = f" {label} ".center(width - 1, "─")
    near = len(body) - len(body.lstrip("─"))
    far = len(body) - len(body.rstrip("─"))
    start, end = ("─" if tail else "·") * near, ("─" if head else "·") * far
    if rightwards:
        return f"{start} {label} {end}{'▶' if head else '·'}"
    return f"{'◀' if head else '·'}{end} {label} {start}"
