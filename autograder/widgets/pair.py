"""The pair: two real processes, a server and a client, that make one call at each press.

Owns starting, moving and ending the two, and knowing when a press has had its effect. Must not know how they are drawn
(`board`) or which calls a program has (`flow`).
"""

from __future__ import annotations

import math
import os
import time
import weakref
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from autograder import kernel, program
from autograder.child import Child, name_inherited
from autograder.client import free_port
from autograder.exchange import Call, Exchange, Side
from autograder.recorder import Recorder
from autograder.widgets import flow, puppet, view
from autograder.widgets.flow import PARTIES, Offer, Party, Transport
from autograder.widgets.view import ProcessView, View

START_SECONDS = 20.0
"""Until a process has made the first call it was told to; only a machine in trouble takes longer."""

SETTLE_SECONDS = 2.0
"""Until what is on its way has arrived and every process waits; over loopback it takes less than a millisecond."""

STILL_SECONDS = 0.3
"""Without a sign of life for so long, a call waits, where the system does not tell who does."""

SAMPLE_SECONDS = 0.01
"""Between two looks at the kernel's tables while a call waits."""

SAME_LOOKS = 3
"""So many equal looks show that a waiting call will not end by itself."""

_SIDES: dict[Party, Side] = {"server": "student", "client": "reference"}


class Refused(Exception):
    """A press that can't be made just now; the message says why, and what to press instead."""


class Stepper:
    """Two processes that wait for orders. `transport` is "tcp" or "udp"; use it in a `with` statement, or `close` it.

    Raises ValueError for another transport, listing the known ones.
    """

    def __init__(self, transport: Transport = "tcp") -> None:
        if transport not in puppet.KINDS:
            raise ValueError(f"{transport!r} is no transport here; choose one of: {', '.join(puppet.KINDS)}.")
        self.transport = transport
        self._choose_port()
        self._recorder = Recorder()
        self._orders: dict[Party, int] = {}
        self._children: dict[Party, Child] = {}
        self._given = dict.fromkeys(PARTIES, 0)
        self._presses = 0
        self._started: list[int] = []
        self._ended: dict[int, int] = {}
        self._said = ""
        for party in PARTIES:
            self._start(party)
        self._finish = weakref.finalize(self, _end, tuple(self._children.values()), tuple(self._orders.values()))

    def _choose_port(self) -> None:
        self.address = ("127.0.0.1", free_port())
        self._older = {(row.local, row.remote) for row in kernel.sockets(self.transport)}

    def _keep_port(self) -> None:
        """Before the first press, see that nobody took the port since it was chosen: that may be an hour ago."""
        if any(view.of_port(kernel.sockets(kind), self.address[1]) for kind in puppet.KINDS) or not kernel.READABLE:
            self._choose_port()

    def _start(self, party: Party) -> None:
        read, self._orders[party] = os.pipe()
        recorder, side = self._recorder, _SIDES[party]  # not self: the child's threads must not keep the stepper alive
        self._children[party] = Child(
            program.of(puppet.obey, 2),
            (name_inherited(read), self.transport),
            lambda report: recorder.take(side, report),
            inherits=(read,),
        )
        os.close(read)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End both processes; done by itself when the stepper is no longer held, and at the interpreter's end."""
        self._finish()

    # -- pressing -----------------------------------------------------------------------------------------------

    def press(self, party: Party, name: str) -> View:
        """Make one process really make one call, and wait until that has had its effect.

        A call that has to wait is left waiting, and a later press of the other side ends it. Raises Refused where
        the call can't be made, ValueError for a party or a call that does not exist, listing the known ones.
        """
        if not self._presses:
            self._keep_port()
        offer = self._offer(party, name)
        if offer.refusal and self._calls(party)[-1:] and self._calls(party)[-1].blocked:
            self._settle()
            offer = self._offer(party, name)
        if offer.refusal:
            raise Refused(offer.refusal)
        if offer.by_python:
            self._said = f"{offer.code}: {BY_PYTHON_SAID}"
            return self.state()
        self._presses += 1
        self._given[party] += 1
        try:
            os.write(self._orders[party], puppet.order(offer.name, offer.number, offer.arguments))
        except OSError:
            raise Refused(f"The {party}'s process has ended. Start again.") from None
        self._settle()
        self._said = self._told(party, offer)
        return self.state()

    def make(self, presses: Iterable[str]) -> None:
        """Press one after another, each written "server bind"; raises as `press` does."""
        for press in presses:
            party, _, name = press.partition(" ")
            if party not in PARTIES:
                raise ValueError(f"{party!r} is neither process; choose one of: {', '.join(PARTIES)}.")
            self.press("server" if party == "server" else "client", name)

    def _offer(self, party: Party, name: str) -> Offer:
        if party not in PARTIES:
            raise ValueError(f"{party!r} is neither process; choose one of: {', '.join(PARTIES)}.")
        if not self._finish.alive:
            raise Refused("The stepper is closed. Start again.")
        known = {offer.name: offer for offer in self._offers(party)}
        if name not in known:
            raise ValueError(f"The {party} has no call {name!r}; it has: {', '.join(known)}.")
        return known[name]

    def _offers(self, party: Party) -> tuple[Offer, ...]:
        return flow.offers(self._calls(party), party, self.transport, self.address)

    def _calls(self, party: Party) -> list[Call]:
        return [call for call in self._recorder.history() if call.side == _SIDES[party]]

    def _told(self, party: Party, offer: Offer) -> str:
        told = f"{party}: {offer.code} → {flow.outcome(self._calls(party)[-1])}"
        for other in PARTIES:
            if other != party and (ended := self._just_ended(other)):
                told += f". This ended the waiting of the {other}: {ended.name} → {flow.outcome(ended)}"
        return told

    def _just_ended(self, party: Party) -> Call | None:
        """The call of this process that the last press ended, though an earlier one began it."""
        for index, call in enumerate(self._recorder.history()):
            if call.side == _SIDES[party] and self._ended.get(index) == self._presses != self._started[index]:
                return call
        return None

    # -- waiting ------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Wait until each process has made its call or waits in it, and nothing is on its way."""
        self._wait_until_made()
        deadline = time.monotonic() + SETTLE_SECONDS
        same, since, before = 0, time.monotonic(), self._waiting()
        while time.monotonic() < deadline:
            arriving, now = self._arriving(), self._waiting()
            same, since = (same + 1, since) if now == before and not arriving else (0, time.monotonic())
            if not arriving and (self._idle() or _still(now, same, since)):
                break
            before = now
            self._recorder.wait(lambda: not arriving and self._idle(), SAMPLE_SECONDS)  # noqa: B023 - called at once
            self._pump()
        self._note()

    def _wait_until_made(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._recorder.wait(self._made, SAMPLE_SECONDS) and time.monotonic() < deadline:
            self._pump()
            if any(child.status() is not None for child in self._children.values()):
                raise Refused("One of the two processes has ended by itself. Start again.")

    def _pump(self) -> None:
        for child in self._children.values():
            child.pump()

    def _made(self) -> bool:
        return self._recorder.count >= sum(self._given.values())

    def _idle(self) -> bool:
        return self._made() and not any(call.blocked for call in self._recorder.history())

    def _waiting(self) -> list[tuple[kernel.Thread, ...] | None]:
        """The threads of each process that is in a call, as far as the kernel tells."""
        blocked = {call.side for call in self._recorder.history() if call.blocked}
        return [self._children[party].waits() for party in PARTIES if _SIDES[party] in blocked]

    def _arriving(self) -> bool:
        table = kernel.sockets(self.transport)
        if self.transport == "udp":
            return view.owed(self._recorder.history(), table)
        return view.passing(self._ours(table))

    def _ours(self, table: Iterable[kernel.KernelSocket]) -> list[kernel.KernelSocket]:
        """The rows of these two, without what others left at this port before (TIME_WAIT)."""
        found = view.of_port(table, self.address[1])
        return [row for row in found if (row.local, row.remote) not in self._older]

    def _note(self) -> None:
        """Remember which press began each call and which ended it."""
        history = self._recorder.history()
        self._started += [self._presses] * (len(history) - len(self._started))
        for index, call in enumerate(history):
            if not call.blocked:
                self._ended.setdefault(index, self._presses)

    # -- looking ------------------------------------------------------------------------------------------------

    def state(self) -> View:
        """What the kernel has for both processes now."""
        table = kernel.sockets(self.transport)
        server, client = (self._look(party, table) for party in PARTIES)
        held = {inode for child in self._children.values() for inode in kernel.socket_inodes(child.number).values()}
        others = tuple(view.alone(row) for row in self._ours(table) if row.inode not in held)
        return View(self.transport, server, client, others, self._said)

    def _look(self, party: Party, table: Iterable[kernel.KernelSocket]) -> ProcessView:
        calls, number = self._calls(party), self._children[party].number
        mine = flow.held(calls, party, self.transport)
        waits = next((call.name for call in calls if call.blocked), "")
        return ProcessView(
            party,
            number,
            waits,
            view.sockets(mine, number, calls, table),
            self._offers(party),
            flow.next_name(calls, party, self.transport),
        )

    def exchange(self) -> Exchange:
        """The history so far. Its times count presses: a call takes half of one, or until the press that ends it."""
        self._note()
        calls = []
        for index, call in enumerate(self._recorder.history()):
            ended = None if call.blocked else self._ended[index] + 0.5
            calls.append(replace(call, started=float(self._started[index]), ended=ended, line=None))
        return Exchange("server", "server", self.transport, tuple(calls), given=self.address)


def _still(waiting: list[tuple[kernel.Thread, ...] | None], same: int, since: float) -> bool:
    """Whether calls that wait have shown that they will not end by themselves."""
    if not kernel.READABLE:
        return time.monotonic() - since > STILL_SECONDS
    forever = all(threads and all(thread.limit == math.inf for thread in threads) for threads in waiting)
    return forever and same >= SAME_LOOKS


BY_PYTHON_SAID = "Python makes this call by itself, and only on Windows"


def _end(children: tuple[Child, ...], orders: tuple[int, ...]) -> None:
    for child in children:
        child.end()
    for descriptor in orders:
        os.close(descriptor)
