"""The rows of a ladder: what stands left, what stands right, and which arrows join them.

Owns the layout that picture and transcript share: merging and collapsing calls, placing arrows, marking what
failed. Must not know about fonts, columns or markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.exchange import Call, Exchange, Outcome
from autograder.ladder.captions import caption, worth_a_row
from autograder.ladder.lanes import Lanes, lanes
from autograder.ladder.order import arrange
from autograder.ladder.wire import Crossing, Kind, crossings
from autograder.words import exit_status, instead, printable, quantity

Mark = Literal["", "blocked", "error", "failed", "end"]

MOST = 40
"""The most rows of one ladder."""

ALIKE = 12
"""The fewest rows of one pattern that are told as a number."""

KEPT = 20
"""Rows kept at the beginning of a history that is too long; the others lead to its end."""


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
    """What happened at one height: left, right, or both where one caused the other at once; or how much is left out."""

    left: Entry | None = None
    right: Entry | None = None
    gap: str = ""
    hidden: int = 0


@dataclass(frozen=True)
class Arrow:
    """What crossed, from row `tail` to row `head` (never above it); `head` is None where nobody noticed."""

    tail: int
    head: int | None
    rightwards: bool
    kind: Kind
    label: str
    note: str = ""


@dataclass(frozen=True)
class Wait:
    """A call that never returned: its side's life line waits from row `start` to row `end`."""

    start: int
    end: int
    left: bool


@dataclass(frozen=True)
class Layout:
    """A ladder ready to be drawn: the names over the two life lines, the rows, the arrows, and all of it in a sentence."""

    left: str
    right: str
    rows: tuple[Row, ...]
    arrows: tuple[Arrow, ...]
    waits: tuple[Wait, ...]
    summary: str


def layout(exchange: Exchange) -> Layout:
    """Lay out an exchange's history."""
    failed = exchange.failed_step
    until = failed.ended if failed and failed.ended else float("inf")
    calls = [c for c in exchange.calls if worth_a_row(c) and (c.side == "student" or c.started <= until)]
    calls, crossed, times = _collapse(calls, crossings(calls))
    ending = _ending(exchange, calls)
    order = arrange(calls, crossed, ended=ending is not None)
    named = lanes(exchange, calls)
    entries = [_entry(call, times[i], named) for i, call in enumerate(calls)]
    entries += [ending] if ending else []
    rows, place = _rows(order, entries, calls, crossed)
    if failed is not None:
        text = f"✗ {named.named(failed.actor)} {failed.text}: {instead(failed)}"
        rows.append(Row(right=Entry(printable(text), mark="failed")))
    arrows, waits = _arrows(calls, crossed, place), _waits(calls, place)
    rows, arrows, waits = _leave_out(rows, arrows, waits)
    right = exchange.role == "server" and ("clients" if named.several else "client")
    names = printable(exchange.function), right or "server"
    return Layout(*names, tuple(rows), tuple(arrows), tuple(waits), _summary(exchange, *names, len(exchange.calls)))


def _summary(exchange: Exchange, left: str, right: str, count: int) -> str:
    failed = exchange.failed_step
    end = f" Step {failed.number} failed: {instead(failed)}." if failed else ""
    return f"{quantity(count, 'call')} of {left} (left) and the reference {right} (right), from top to bottom.{end}"


def _collapse(
    calls: Sequence[Call], crossed: Sequence[Crossing]
) -> tuple[list[Call], list[Crossing], list[int]]:
    """Take the same call made again and again by one thread as one, with the number of times."""
    noticed = {c.head for c in crossed} | {c.tail for c in crossed if c.head is not None}
    latest: dict[tuple[str, int, int], int] = {}
    stands_for: list[int] = []
    for index, call in enumerate(calls):
        thread = call.side, call.process, call.thread
        before = latest.get(thread)
        same = before is not None and index not in noticed and _same(calls[before], call)
        latest[thread] = before if same and before is not None else index
        stands_for.append(latest[thread])
    kept = sorted(set(stands_for))
    number = {old: new for new, old in enumerate(kept)} | {len(calls): len(kept)}
    times = Counter(stands_for)
    moved = [
        replace(c, tail=number[c.tail], head=None if c.head is None else number[c.head])
        for c in crossed
        if c.tail in number and (c.head is None or c.head in number)
    ]
    return [calls[old] for old in kept], moved, [times[old] for old in kept]


def _same(one: Call, other: Call) -> bool:
    return one.socket == other.socket and one.line == other.line and caption(one) == caption(other)


def _entry(call: Call, times: int, named: Lanes) -> Entry:
    mark: Mark = "blocked" if call.blocked else "error" if call.failed and call.error != "EINPROGRESS" else ""
    line = call.line.number if call.line else None
    return Entry(caption(call, times), named.of(call), line, mark, call.name)


def _ending(exchange: Exchange, calls: Sequence[Call]) -> Entry | None:
    """What the student's side did last, where no call tells it."""
    program, failed = exchange.program, exchange.failed_step
    outcome = failed.outcome if failed else None
    place = (program.traceback or program.stack)[-1:]
    line = place[0].number if place else None
    if program.exception:
        what = program.exception.strip().split("\n")[0]
        return Entry(printable(f"✗ {what}"[:100]), line=line, mark="error")
    if program.returned is not None:
        return Entry(printable(f"return {program.returned}"[:60]), mark="end")
    if not program.running and program.exit_status is not None:
        told = program.exit_status >= 0 or outcome in (Outcome.CRASH, Outcome.EXIT)
        return Entry(f"the program ends: {exit_status(program.exit_status)}", mark="end") if told else None
    if outcome is Outcome.SPINNING:
        return Entry("… runs on and on, never waiting", line=line, mark="blocked")
    waits = any(call.side == "student" and call.blocked for call in calls)
    if failed and program.blocked_in and not waits:
        return Entry(printable(f"{program.blocked_in} … still waiting here"), line=line, mark="blocked")
    return None


def _rows(
    order: list[int], entries: list[Entry], calls: Sequence[Call], crossed: Sequence[Crossing]
) -> tuple[list[Row], dict[int, int]]:
    """One row for each event; what arrives at once stands beside what sent it. Also tells each event's row."""
    caused = {(c.tail, c.head) for c in crossed}
    rows: list[Row] = []
    place: dict[int, int] = {}
    previous = -1
    for index in order:
        at_left = index == len(calls) or calls[index].side == "student"
        alone = bool(rows) and (rows[-1].right is None or rows[-1].left is None)
        if alone and (previous, index) in caused:
            beside = rows[-1].left or rows[-1].right
            left, right = (entries[index], beside) if at_left else (beside, entries[index])
            rows[-1] = Row(replace(left, lane="") if left else None, right)
        else:
            rows.append(Row(left=entries[index]) if at_left else Row(right=entries[index]))
        place[index] = len(rows) - 1
        previous = index
    return rows, place


def _arrows(calls: Sequence[Call], crossed: Sequence[Crossing], place: dict[int, int]) -> list[Arrow]:
    arrows = []
    for crossing in crossed:
        tail = place[crossing.tail]
        head = None if crossing.head is None else place[crossing.head]
        if head is None or head >= tail:
            rightwards = crossing.tail == len(calls) or calls[crossing.tail].side == "student"
            arrows.append(Arrow(tail, head, rightwards, crossing.kind, crossing.label, crossing.note))
    return sorted(arrows, key=lambda arrow: (arrow.tail, -1 if arrow.head is None else arrow.head))


def _waits(calls: Sequence[Call], place: dict[int, int]) -> list[Wait]:
    before: dict[tuple[str, int, int], int] = {}
    found = []
    for index, call in enumerate(calls):
        thread = call.side, call.process, call.thread
        if call.blocked:
            end = place[index]
            found.append(Wait(min(before.get(thread, end), end), end, call.side == "student"))
        before[thread] = place[index]
    return found


def _leave_out(
    rows: list[Row], arrows: list[Arrow], waits: list[Wait]
) -> tuple[list[Row], list[Arrow], list[Wait]]:
    """Say how many rows there are instead of showing those that only repeat, and those in the middle of too many."""
    for start, stop in _repetitions(rows):
        rows, arrows, waits = _cut(rows, arrows, waits, start, stop)
    if len(rows) > MOST:
        rows, arrows, waits = _cut(rows, arrows, waits, KEPT, len(rows) - (MOST - KEPT - 1))
    return rows, arrows, waits


def _repetitions(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Where at least ALIKE rows repeat a pattern of up to four, without its first two and its last; last place first."""
    looks = [tuple((e.name, e.lane, e.line, e.mark) if e else None for e in (row.left, row.right)) for row in rows]
    found, at = [], 0
    while at < len(looks):
        for period in (1, 2, 3, 4):
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
    rows: list[Row], arrows: list[Arrow], waits: list[Wait], start: int, stop: int
) -> tuple[list[Row], list[Arrow], list[Wait]]:
    """Put one row that counts in the place of rows `start` to `stop`; arrows that lie wholly in it go with them."""
    names = Counter(e.name for row in rows[start:stop] for e in (row.left, row.right) if e and e.name)
    what = ", ".join(f"{name} × {count:,}" for name, count in names.most_common(3))
    hidden = sum(row.hidden or 1 for row in rows[start:stop])
    gap = Row(gap=f"… {hidden:,} rows like these left out: {what} …", hidden=hidden)

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
