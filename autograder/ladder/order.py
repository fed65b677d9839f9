"""The order of a ladder's rows: what caused what comes first, and the clock decides only where nothing else does.

Owns the one order in which two processes' calls are told. A program that is scheduled a little later than last time
did not do anything else, so events closer together than CONCURRENT are told the same way every time: the student's
side goes on as far as it can, then the reference's. Must not know about captions or drawing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from autograder.exchange import Address, Call
from autograder.ladder.captions import RECEIVING
from autograder.ladder.wire import Crossing

CONCURRENT = 0.010
"""Seconds; two events nearer than this, neither of which caused the other, are told in a fixed order."""

_WAITS = RECEIVING | {"accept"}


def arrange(calls: Sequence[Call], crossed: Sequence[Crossing], *, ended: bool) -> list[int]:
    """The numbers of all calls in the order to tell them, those still blocked last.

    `ended` adds the end of the student's program, under the number len(calls).
    """
    tails = {crossing.tail for crossing in crossed if crossing.head is not None}
    last = [i for i, call in enumerate(calls) if call.blocked and i not in tails]
    last.sort(key=lambda i: (calls[i].side != "student", calls[i].process, calls[i].socket, i))
    skipped = set(last)
    queues = _queues(calls, skipped)
    if ended:
        queues["end"] = [len(calls)]
    needs = _needs(calls, crossed, queues, ended)
    order = _tell(calls, crossed, list(queues.values()), needs)
    return order + last


def _moment(calls: Sequence[Call], index: int) -> float:
    """When an event happened, in seconds: a waiting call when it returned, another when it began."""
    if index == len(calls):
        return max((call.started for call in calls if call.side == "student"), default=0.0)
    call = calls[index]
    return call.ended if call.name in _WAITS and call.ended is not None else call.started


def _queues(calls: Sequence[Call], skipped: set[int]) -> dict[object, list[int]]:
    """Each thread's calls in their own order."""
    queues: dict[object, list[int]] = defaultdict(list)
    for index, call in enumerate(calls):
        if index not in skipped:
            queues[call.side, call.process, call.thread].append(index)
    return queues


def _needs(
    calls: Sequence[Call], crossed: Sequence[Crossing], queues: dict[object, list[int]], ended: bool
) -> dict[int, set[int]]:
    """What must have been told before each event, besides its own thread's earlier calls."""
    needs: dict[int, set[int]] = defaultdict(set)
    listens = [index for index, call in enumerate(calls) if call.name == "listen"]
    for crossing in crossed:
        if crossing.head is not None:
            needs[crossing.head].add(crossing.tail)
        if crossing.kind == "connect" and not calls[crossing.tail].failed:
            needs[crossing.tail].update(_listener(calls, listens, crossing.tail))
    for index, earlier in (*_before_the_program(calls).items(), *_in_a_conversation(calls).items()):
        needs[index] |= earlier
    if ended:
        needs[len(calls)] = {
            queue[-1] for key, queue in queues.items() if isinstance(key, tuple) and key[0] == "student"
        }
        # while somebody could still connect, the program was there
        needs[len(calls)] |= {
            i for i, call in enumerate(calls) if call.name == "connect" and call.side != "student" and _done(call)
        }
    return needs


def _before_the_program(calls: Sequence[Call]) -> dict[int, set[int]]:
    """What the reference side did before the program was there (a server of ours that listens for it) comes first."""
    first = next((i for i, call in enumerate(calls) if call.side == "student"), None)
    if first is None:
        return {}
    begun = calls[first].started
    return {first: {i for i, call in enumerate(calls[:first]) if call.ended is not None and call.ended <= begun}}


def _in_a_conversation(calls: Sequence[Call]) -> dict[int, set[int]]:
    """What must come before a call on an accepted connection, in whichever thread or process: the accept of it."""
    accepts: dict[tuple[str, Address], int] = {}
    found: dict[int, set[int]] = {}
    for index, call in enumerate(calls):
        if call.remote is None:
            continue
        if call.name == "accept":
            accepts[call.side, call.remote] = index
        elif (accept := accepts.get((call.side, call.remote))) is not None:
            found[index] = {accept}
    return found


def _done(call: Call) -> bool:
    return not call.failed and not call.blocked


def _listener(calls: Sequence[Call], listens: Sequence[int], connect: int) -> list[int]:
    """The other side's last listen before this connect that made it succeed, if there is one."""
    remote, side = calls[connect].remote, calls[connect].side
    for index in reversed(listens[: bisect_left(listens, connect)]):
        local = calls[index].local
        if calls[index].side != side and local and remote and local[1] == remote[1]:
            return [index]
    return []


def _tell(
    calls: Sequence[Call], crossed: Sequence[Crossing], queues: list[list[int]], needs: dict[int, set[int]]
) -> list[int]:
    heads: dict[int, list[int]] = defaultdict(list)
    for crossing in crossed:
        if crossing.head is not None:
            heads[crossing.tail].append(crossing.head)
    moments = [_moment(calls, index) for index in range(len(calls) + 1)]
    places = [0] * len(queues)
    order: list[int] = []
    told: set[int] = set()
    while True:
        fronts = {
            queue[place]: number
            for number, (queue, place) in enumerate(zip(queues, places, strict=True))
            if place < len(queue)
        }
        if not fronts:
            return order
        # What the records contradict (two clocks, a lost report) must not stop the telling: then the clock decides.
        ready = [index for index in fronts if needs[index] <= told] or list(fronts)
        caused = [index for index in ready if order and index in heads[order[-1]]]
        index = min(caused) if caused else _next(calls, ready, moments)
        places[fronts[index]] += 1
        order.append(index)
        told.add(index)


def _next(calls: Sequence[Call], ready: list[int], moments: list[float]) -> int:
    soonest = min(moments[index] for index in ready)
    near = [index for index in ready if moments[index] <= soonest + CONCURRENT]
    return min(near, key=lambda index: (index < len(calls) and calls[index].side != "student", moments[index], index))
