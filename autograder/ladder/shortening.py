"""Shortening: of a history too long to read, keep the beginning and what leads to the end.

Owns which rows are left out and what is said in their place. Must not know about fonts, columns or markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.ladder.rows import Arrow, Row, Wait

MOST = 40
"""The most rows of one ladder."""

ALIKE = 12
"""The fewest rows of one pattern that are told as a number."""

PERIOD = 12
"""The most rows of a pattern that is looked for."""

KEPT = 20
"""Rows kept at the beginning of a history that is too long; the others lead to its end."""


def leave_out(rows: list[Row], arrows: list[Arrow], waits: list[Wait]) -> tuple[list[Row], list[Arrow], list[Wait]]:
    """Say how many rows there are instead of showing those that only repeat, and those in the middle of too many."""
    for start, stop in _repetitions(rows):
        rows, arrows, waits = _cut(rows, arrows, waits, start, stop, "rows like these")
    if len(rows) > MOST:
        rows, arrows, waits = _cut(rows, arrows, waits, KEPT, len(rows) - (MOST - KEPT - 1), "more rows")
    return rows, arrows, waits


def _repetitions(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Where at least ALIKE rows repeat a pattern, less its first two and last; last place first."""
    looks = [tuple((e.name, e.line, e.mark) if e else None for e in (row.left, row.right)) for row in rows]
    found, at = [], 0
    while at < len(looks):
        for period in range(1, PERIOD + 1):
            end = at + period
            while end < len(looks) and looks[end] == looks[end - period]:
                end += 1
            whole = (end - at) // period * period
            if whole >= max(ALIKE, 4 * period):
                found.append((at + 2 * period, at + whole - period))
                at += whole
                break
        else:
            at += 1
    return found[::-1]


def _cut(
    rows: list[Row], arrows: list[Arrow], waits: list[Wait], start: int, stop: int, like: str
) -> tuple[list[Row], list[Arrow], list[Wait]]:
    """Put one row that counts in the place of rows `start` to `stop`; arrows that lie wholly in it go with them."""
    names = Counter(e.name for row in rows[start:stop] for e in (row.left, row.right) if e and e.name)
    for row in rows[start:stop]:
        names.update(dict(row.inside))
    hidden = sum(row.hidden or 1 for row in rows[start:stop])
    gap = Row(gap=f"… {hidden:,} {like} …", hidden=hidden, inside=tuple(names.most_common()))

    def moved(place: int) -> int:
        return place if place < start else start if place < stop else place - (stop - start) + 1

    kept: dict[tuple[int, int | None, bool], Arrow] = {}
    for arrow in arrows:
        head = None if arrow.head is None else moved(arrow.head)
        tail = moved(arrow.tail)
        if tail != start or head not in (None, start):
            kept.setdefault((tail, head, arrow.rightwards), replace(arrow, tail=tail, head=head))
    waits = [replace(wait, start=moved(wait.start), end=moved(wait.end)) for wait in waits]
    return [*rows[:start], gap, *rows[stop:]], list(kept.values()), waits
