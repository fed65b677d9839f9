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
    rows, arrows, waits = _cut(rows, arrows, waits, _repetitions(rows), "rows like these")
    if len(rows) > MOST:
        middle = (KEPT, len(rows) - (MOST - KEPT - 1))
        rows, arrows, waits = _cut(rows, arrows, waits, [middle], "more rows")
    return rows, arrows, waits


def _repetitions(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Where at least ALIKE rows repeat a pattern, less its first two and last; in order."""
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
    return found


def _cut(
    rows: list[Row], arrows: list[Arrow], waits: list[Wait], cuts: Sequence[tuple[int, int]], like: str
) -> tuple[list[Row], list[Arrow], list[Wait]]:
    """Put one row that counts in the place of each range of rows; arrows that lie wholly in one go with it."""
    left: list[Row] = []
    moved: list[int] = []  # the new place of each old one
    gaps: set[int] = set()
    done = 0
    for start, stop in [*cuts, (len(rows), len(rows))]:
        moved += range(len(left), len(left) + start - done)
        left += rows[done:start]
        if start < stop:
            moved += [len(left)] * (stop - start)
            gaps.add(len(left))
            left.append(_gap(rows[start:stop], like))
        done = stop
    moved.append(len(left))  # an arrow or a wait may end below the last row
    kept: dict[tuple[int, int | None, bool], Arrow] = {}
    for arrow in arrows:
        tail, head = moved[arrow.tail], None if arrow.head is None else moved[arrow.head]
        if tail not in gaps or head not in (None, tail):
            kept.setdefault((tail, head, arrow.rightwards), replace(arrow, tail=tail, head=head))
    waits = [replace(wait, start=moved[wait.start], end=moved[wait.end]) for wait in waits]
    return left, list(kept.values()), waits


def _gap(rows: Sequence[Row], like: str) -> Row:
    names = Counter(e.name for row in rows for e in (row.left, row.right) if e and e.name)
    for row in rows:
        names.update(dict(row.inside))
    hidden = sum(row.hidden or 1 for row in rows)
    return Row(gap=f"… {hidden:,} {like} …", hidden=hidden, inside=tuple(names.most_common()))
