"""The layout of a ladder: from an exchange's history to rows and arrows.

Owns the merging and collapsing of calls into rows, the placing of arrows, the marking of what failed. Must not know
about fonts, columns or markup: picture and transcript share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.exchange import Call, Exchange, Outcome
from autograder.ladder.captions import KILLED, caption, settled, worth_a_row
from autograder.ladder.lanes import Lanes, lanes
from autograder.ladder.order import arrange
from autograder.ladder.rows import Arrow, Entry, Layout, Mark, Row, Wait
from autograder.ladder.shortening import leave_out
from autograder.ladder.wire import Crossing, crossings
from autograder.words import claim, exit_status, instead, printable, quantity

FINE = ("EINPROGRESS", KILLED)
"""Errors that are nobody's fault."""


def layout(exchange: Exchange) -> Layout:
    """Lay out an exchange's history."""
    failed = exchange.failed_step
    until = failed.ended if failed and failed.ended else float("inf")
    calls = [c for c in settled(exchange) if worth_a_row(c) and (c.side == "student" or c.started <= until)]
    named = lanes(exchange, calls)
    if named.several:  # that each client makes a socket is told by its connect
        calls = [call for call in calls if call.side == "student" or call.name != "socket"]
    calls, crossed, times = _collapse(calls, crossings(calls))
    ending = _ending(exchange, calls)
    crossed = [crossing for crossing in crossed if ending or crossing.tail < len(calls)]
    order = arrange(calls, crossed, ended=ending is not None)
    entries = [_entry(call, times[i], named) for i, call in enumerate(calls)]
    entries += [ending] if ending else []
    rows, place = _rows(order, entries, calls, crossed)
    if failed is not None:
        met = instead(failed)
        text = f"✗ {named.named(failed.actor)} {claim(failed)}" + (f": {met}" if met else "")
        rows.append(Row(right=Entry(printable(text), mark="failed")))
    if not exchange.program.running:
        crossed = [crossing for crossing in crossed if not _too_late(crossing, place, len(calls))]
    arrows, waits = _arrows(calls, crossed, place), _waits(calls, place)
    rows, arrows, waits = leave_out(rows, arrows, waits)
    plural = "s" if named.several and named.noun != "connection" else ""
    names = printable(exchange.function), ("client" if exchange.role == "server" else "server") + plural
    return Layout(*names, tuple(rows), tuple(arrows), tuple(waits), _summary(exchange, *names, len(exchange.calls)))


def _summary(exchange: Exchange, left: str, right: str, count: int) -> str:
    failed = exchange.failed_step
    end = f" Step {failed.number} failed, {printable(failed.actor)} {printable(failed.text)}." if failed else ""
    return f"{quantity(count, 'call')} of {left} (left) and the reference {right} (right), from top to bottom.{end}"


def _collapse(calls: Sequence[Call], crossed: Sequence[Crossing]) -> tuple[list[Call], list[Crossing], list[int]]:
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
    mark: Mark = "blocked" if call.blocked else "error" if call.failed and call.error not in FINE else ""
    line = call.line.number if call.line else None
    return Entry(caption(call, times), named.of(call), line, mark, call.name)


def _ending(exchange: Exchange, calls: Sequence[Call]) -> Entry | None:
    """What the student's side did last, where no call tells it."""
    program, failed = exchange.program, exchange.failed_step
    outcome = failed.outcome if failed else None
    place = (program.traceback or program.stack)[-1:]
    line = place[0].number if place else None
    if program.exception:
        return Entry(printable(f"✗ {program.exception.partition(':')[0]}"[:60]), line=line, mark="error")
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


def _too_late(crossing: Crossing, place: dict[int, int], ending: int) -> bool:
    """Whether this is an end told to a program that had ended before."""
    return crossing.kind == "end" and crossing.head is None and place[crossing.tail] > place.get(ending, len(place))


def _arrows(calls: Sequence[Call], crossed: Sequence[Crossing], place: dict[int, int]) -> list[Arrow]:
    arrows = []
    for crossing in crossed:
        tail = place[crossing.tail]
        head = None if crossing.head is None else place[crossing.head]
        if head is None or head >= tail:
            rightwards = crossing.tail == len(calls) or calls[crossing.tail].side == "student"
            arrows.append(Arrow(tail, head, rightwards, crossing.kind, crossing.sign, crossing.size, crossing.note))
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
