"""A trial: one check under way.

Owns the student's process, the steps so far, and the decision that nothing more will come. Must not open sockets
or judge; clients and peers act, and tell it what they did and met.

Silence is known, not waited for: where the kernel tells (Linux), a program whose every thread waits without a
time-out, with nothing on its way to it, will never act again by itself. Elsewhere a named deadline decides.
"""

from __future__ import annotations

import math
import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from autograder import calls, kernel, seed
from autograder.check import CheckFailed, fail
from autograder.child import Child
from autograder.exchange import Address, Exchange, Line, Outcome, ProgramState, Step
from autograder.program import Program, line
from autograder.recorder import Recorder, ReferenceReports

START_SECONDS = 20.0
"""Until the program is there: it listens, or has been called."""

REPLY_SECONDS = 10.0
"""Until an expected thing happens, where silence cannot be known earlier."""

QUIET_SECONDS = 0.5
"""Without a sign of life, this long passes for silence where the system does not tell who waits."""

SPIN_CPU_SECONDS = 3.0
"""Processor time used without one call on a socket: the program spins."""

BUSY_SECONDS = 60.0
"""So long after a deadline a program that computes may go on, until it has used SPIN_CPU_SECONDS: cores may be busy."""

SAMPLE_SECONDS = 0.01
"""Between two looks at the kernel's tables while nothing arrives."""

SAME_LOOKS = 3
"""So many equal looks make silence; equal means that no thread was switched in between."""


class Trial:
    """One check: a program, the reference side's sockets, and the steps in order."""

    def __init__(
        self,
        program: Program,
        role: Literal["server", "client", "function"],
        transport: Literal["tcp", "udp", "none"],
    ) -> None:
        self._program, self._role, self._transport = program, role, transport
        self._recorder = Recorder()
        self._child: Child | None = None
        self._steps: list[Step] = []
        self.given: Address | None = None
        self.ports: tuple[int, ...] | None = None
        """The ports of the reference's servers that answer; None if it has none (it is the program that serves)."""
        self.listed: tuple[int, ...] = ()
        """The ports that the program was given in a list (see `exchange.Exchange.ports`)."""
        self.unanswered = False
        """Whether there is a server among them that answers nobody: to wait for it is to wait for ever."""
        self.names: Mapping[str, tuple[str, ...]] = {}
        """Host names that lead, for the program, to the addresses beside them."""
        self.baseline = 0
        self._memory: dict[int, int] = {}
        reports: Any = ReferenceReports(self._recorder, os.getpid())
        self.socket = calls.tracing(reports, socket.socket)
        """The class of the reference side's sockets; what they do is part of the history."""

    # -- the program --------------------------------------------------------------------------------------------

    def start(self, arguments: tuple[object, ...]) -> None:
        """Start the program; a client or server of ours may meet it from now on."""
        self._recorder.forget_program()
        self._child = Child(
            self._program, arguments, lambda report: self._recorder.take("student", report), names=self.names
        )

    def beside(self) -> Trial:
        """A trial of the same program, with a history of its own."""
        return Trial(self._program, self._role, self._transport)

    def stop(self) -> None:
        """End the program, whole."""
        if self._child is not None:
            self._child.end()

    def take_back(self) -> None:
        """End the program and forget what it did: somebody else had the port it was given."""
        self.stop()
        self._recorder.forget_calls()

    def until(self, happened: Callable[[Recorder], object]) -> Outcome | None:
        """Wait until the recorder shows it: None; otherwise what is certain of the program instead."""
        looks = _Looks(self, START_SECONDS)
        verdict = None
        while not happened(self._recorder):
            if verdict is not None:
                return verdict
            self._recorder.wait(lambda: bool(happened(self._recorder)), SAMPLE_SECONDS)
            verdict = looks.verdict()
            self._pump()
        return None

    def ready(self) -> Outcome | None:
        """Wait until the program listens (TCP) or is bound (UDP): None; otherwise what it does instead."""
        instead = self.until(lambda recorder: recorder.ready_at)
        if instead is None:
            self.baseline = self.open_sockets()
            self.note_memory()
        return instead

    def note_memory(self) -> None:
        """From now on `memory` counts from what the program has now."""
        self._memory = self._child.memory() if self._child is not None else {}

    @property
    def bound(self) -> Address | None:
        """Where the program really listens, or is bound; None before it does."""
        return self._recorder.ready_at

    def _runs(self) -> bool:
        return self._child is not None and self._child.runs()

    @property
    def ending(self) -> dict[str, Any] | None:
        """The program's own report of its end (crash, return or exit), if it made one."""
        self._pump()
        return self._recorder.ended

    def listened(self) -> int:
        """How often the program has begun to listen so far."""
        self._pump()
        return self._recorder.listened

    def forget(self, sock: Any) -> None:
        """Leave out of the history what one of the reference side's sockets (closed by now) did."""
        self._recorder.forget_socket(os.getpid(), sock._serial)

    def memory(self) -> tuple[int, int]:
        """The program's resident memory when it was noted, and by how much it has grown since, in bytes."""
        assert self._child is not None
        return sum(self._memory.values()), self._child.growth(self._memory)

    def refused_port(self) -> bool:
        """Whether the program's first bind failed only because somebody else has the port."""
        binds = [
            call for call in self._recorder.history() if call.side == "student" and call.name in ("bind", "listen")
        ]
        return bool(binds) and binds[-1].error == "EADDRINUSE"

    def open_sockets(self) -> int:
        """How many sockets the program and its processes hold; one that several of them hold counts once."""
        assert self._child is not None
        return len(frozenset().union(*(kernel.open_sockets(one) or () for one in self._child.processes())))

    def sockets_left(self) -> int:
        """How many sockets the program holds beyond those it had when it was ready."""
        if kernel.READABLE:
            return max(0, self.open_sockets() - self.baseline)
        made = self._recorder.history()
        accepted = [call.made for call in made if call.side == "student" and call.name == "accept" and not call.failed]
        closed = [call.socket for call in made if call.side == "student" and call.name in ("close", "detach")]
        return sum(number not in closed for number in accepted)

    # -- waiting ------------------------------------------------------------------------------------------------

    def wait(self, ready: Callable[[float], bool], seconds: float = REPLY_SECONDS) -> Outcome | None:
        """Wait until `ready(timeout in seconds)` is true: None. Otherwise what happened to the program instead."""
        looks = _Looks(self, seconds)
        while not ready(SAMPLE_SECONDS):
            verdict = looks.verdict()
            if verdict is not None:
                return None if ready(0) else verdict
        return None

    def until_read(self, local: Address, size: int) -> None:
        """Wait until the program has read so many bytes from our end of a connection and asks for more, or will not.

        It asks by another read on the connection, or by waiting (in an event loop, say); it will not if it has
        closed its end, is over, or is silent.
        """
        recorder = self._recorder

        def done() -> bool:
            return recorder.bytes_read(local) >= size and (recorder.reads(local) or recorder.has_closed(local))

        def ready(timeout: float) -> bool:
            if recorder.wait(done, timeout):
                return True
            return recorder.bytes_read(local) >= size and not self._busy()

        self.wait(ready)

    def _busy(self) -> bool:
        """Whether the program does something just now, where the system tells."""
        return kernel.READABLE and self._child is not None and self._child.waits(unanswered=self.unanswered) is None

    def settle(self) -> Outcome:
        """Wait until the program has done all it will do by itself, and its reports are taken; what it does now."""
        if self._child is None or self._child.killed:
            return Outcome.EXIT
        looks, count, since = _Looks(self, REPLY_SECONDS), -1, 0.0
        while (verdict := looks.verdict()) is None:
            self._recorder.wait(lambda: False, SAMPLE_SECONDS)
            if count != self._recorder.count:
                count, since = self._recorder.count, time.monotonic()
            elif time.monotonic() - since > QUIET_SECONDS and not self._runs():
                verdict = Outcome.SILENCE
                break
        self._pump()
        return verdict

    def after_end(self, client: Address | None) -> Outcome | None:
        """What is behind a connection's end: CRASH or EXIT if the program goes down, None if it closed it itself."""
        self._pump()
        if self._child is None or self._recorder.explains_end(client):
            return None
        looks = _Looks(self, REPLY_SECONDS)
        while (verdict := looks.verdict()) is None:
            self._recorder.wait(lambda: self._recorder.gone, SAMPLE_SECONDS)
        return verdict if verdict in (Outcome.CRASH, Outcome.EXIT) else None

    def _pump(self) -> None:
        if self._child is not None:
            self._child.pump()

    # -- the history --------------------------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since the trial began."""
        return self._recorder.now()

    def passed(self, actor: str, text: str, outcome: Outcome = Outcome.DONE, **rest: Any) -> None:
        """Note a step that went as it should."""
        self._step(actor, text, True, outcome, rest)

    def failed(self, actor: str, text: str, outcome: Outcome, detail: str, **rest: Any) -> CheckFailed:
        """Note the step that failed; the caller raises what this returns."""
        if self._child is not None and outcome not in (Outcome.SPINNING, Outcome.TIMEOUT):
            self.settle()
        if (self._recorder.ended or {}).get("error") == "NotImplementedError":
            detail = f"{self._program.name} has not been written yet: it still raises NotImplementedError."
        if self._child is not None:
            crash = self._recorder.ended or self._recorder.part_crashed or {}
            detail = f"{detail} {self._child.reached(crash.get('name', ''), crash.get('message', ''))}".rstrip()
        self._step(actor, text, False, outcome, rest | {"detail": detail})
        return fail(self.freeze())

    def _step(self, actor: str, text: str, passed: bool, outcome: Outcome, rest: dict[str, Any]) -> None:
        begun = rest.pop("started", self.now())
        self._steps.append(
            Step(len(self._steps) + 1, actor, text, passed, outcome, started=begun, ended=self.now(), **rest)
        )

    def freeze(self) -> Exchange:
        """The history so far."""
        self._pump()
        return Exchange(
            function=self._program.name,
            role=self._role,
            transport=self._transport,
            calls=self._recorder.history(),
            steps=tuple(self._steps),
            program=self._state(),
            given=self.given,
            bound=self.bound,
            seed=seed.number(),
            source=self._program.source,
            arguments=self._program.arguments,
            ports=self.listed,
        )

    def _state(self) -> ProgramState:
        child, ending = self._child, self._recorder.ended or {}
        if child is None or child.killed:
            return ProgramState(running=False)
        crash = ending if ending.get("e") == "crash" else self._recorder.part_crashed or {}
        status = child.status()
        waits = child.waits(unanswered=self.unanswered)
        return ProgramState(
            running=status is None,
            exit_status=status,
            exception=f"{crash['error']}: {crash['message']}" if crash else "",
            traceback=_lines(crash.get("frames", ())),
            stack=self._stack(child),
            blocked_in=waits[0].call if waits and not self._recorder.spinning else "",
            cpu=child.cpu() if status is None else 0.0,
            open_sockets=self.open_sockets() if status is None else 0,
            output=child.output[-4096:],
            returned=ending.get("shown") if ending.get("e") == "return" else None,
        )

    def _stack(self, child: Child) -> tuple[Line, ...]:
        """Where the program is. One that spins over a read is shown at that read, wherever it is just now."""
        if self._recorder.spinning:
            reads = [call.line for call in self._recorder.history() if call.side == "student" and call.line]
            return tuple(reads[-1:])
        return _lines(calls.places(child.stack()))


def _lines(places: Iterable[list[Any]]) -> tuple[Line, ...]:
    return tuple(found for place in places if (found := line(place)) is not None)


class _Looks:
    """Repeated looks at one program while something is awaited, until there is a verdict."""

    def __init__(self, trial: Trial, seconds: float) -> None:
        child = trial._child
        assert child is not None
        self._recorder, self._child, self._trial = trial._recorder, child, trial
        self._deadline = time.monotonic() + seconds
        self._before: tuple[kernel.Thread, ...] | None = None
        self._same = 0
        self._idle_since = time.monotonic()
        self._count = -1
        self._cpu = 0.0

    def verdict(self) -> Outcome | None:
        """What is certain now: the program ended, spins, is silent, or took too long; None if it may still act."""
        self._child.pump()
        if self._child.status() is not None or (self._recorder.gone and self._over()):
            self._child.pump()
            crashed = self._child.status() != 0 or (self._recorder.ended or {}).get("e") == "crash"
            ended = Outcome.CRASH if crashed else Outcome.EXIT
            return ended if self._nothing_comes() else None
        if self._recorder.spinning or self._burns():
            return Outcome.SPINNING if self._nothing_comes() else None
        if self._silent():
            return Outcome.CRASH if self._recorder.gone else Outcome.SILENCE
        late = time.monotonic() - self._deadline
        return Outcome.TIMEOUT if late > 0 and not (late < BUSY_SECONDS and self._child.runs()) else None

    def _over(self) -> bool:
        """Whether a program that said it is over is really gone, soon; threads that it left behind may keep it."""
        return self._child.wait(SAMPLE_SECONDS) is not None

    def _burns(self) -> bool:
        count, cpu = self._recorder.count, self._child.cpu()
        if count != self._count:
            self._count, self._cpu, self._idle_since = count, cpu, time.monotonic()
        return cpu - self._cpu > SPIN_CPU_SECONDS

    def _silent(self) -> bool:
        seen = self._child.waits(unanswered=self._trial.unanswered)
        if seen is None:
            self._before, self._same, self._idle_since = None, 0, time.monotonic()
            return False
        self._same = self._same + 1 if seen == self._before else 0
        self._before = seen
        limits = [thread.limit for thread in seen if thread.limit is not None and thread.limit != math.inf]
        if limits:  # it polls: having gone round twice without a call, it has nothing to do
            idle = time.monotonic() - self._idle_since
            return max(limits) <= 1.0 and idle > 2.2 * max(limits) + SAMPLE_SECONDS and self._nothing_comes()
        return self._same >= SAME_LOOKS and self._nothing_comes()

    def _nothing_comes(self) -> bool:
        """Whether no bytes are on their way between the two sides. (Asked last: the kernel's table is long.)"""
        address = self._recorder.ready_at or (self._trial.given if self._trial.ports is None else None)
        ports = {*(self._trial.ports or ())} | ({address[1]} if address is not None else set())
        if any(kernel.in_flight(port) for port in ports):
            self._same = 0
            return False
        return True
