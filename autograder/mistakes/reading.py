"""A reading of one exchange: the questions that detectors put to it, each answered once.

Owns the grouping of calls into sockets' lives and conversations, and the picking of facts out of a failed step. Must
not know any mistake. Everything is a pure function of the exchange.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.exchange import Address, Call, Exchange, Outcome, Step
from autograder.mistakes.lives import Life, Talk, lives_of

WILDCARDS = ("", "0.0.0.0", "::")
"""Hosts that mean every address of the machine (INADDR_ANY)."""

QUIET = "expects silence"
"""How the text of a step begins that wants nothing to come, and the connection to stay open."""

COUNT = "expects that every connection's socket has been closed"
"""The text of the step that counts open sockets (see `meeting`)."""

END = ("expects the end of file", "reads until the end", "repeats what it reads")
"""How the text of a step begins that waits for the program to end its side (see `connection`)."""

PORT_KEPT = "expects that a second copy of the program cannot take its port"
"""The text of the step that starts the program a second time (see `meeting`)."""

MEMORY = "expects that the program's memory has grown by at most"
"""How the text of a step begins that measures the program's memory (see `meeting`)."""

FLOW = "expects the call flow"
"""How the text of a step begins that is about the order of calls (see `meeting`)."""


@dataclass(frozen=True)
class Reading:
    """One exchange with a failed step, read."""

    exchange: Exchange

    # -- the step that failed -----------------------------------------------------------------------------------

    @cached_property
    def failed(self) -> Step:
        """The step that failed; only exchanges that have one are read."""
        step = self.exchange.failed_step
        if step is None:
            raise ValueError("every step passed: there is no mistake to look for")
        return step

    @property
    def expected(self) -> bytes:
        """The bytes that the failed step expected, b"" if it is not about bytes."""
        return self.failed.expected or b""

    @property
    def received(self) -> bytes:
        """The bytes that came instead."""
        return self.failed.received or b""

    @property
    def silent(self) -> bool:
        """Whether the failed step met only waiting."""
        return self.failed.outcome in (Outcome.SILENCE, Outcome.TIMEOUT)

    @property
    def wanted_end(self) -> bool:
        """Whether the failed step waited for the program to end its side."""
        return self.failed.text.startswith(END)

    @property
    def wanted_silence(self) -> bool:
        """Whether the failed step is about a connection that should stay open and quiet."""
        return self.failed.text.startswith(QUIET)

    @property
    def counts_sockets(self) -> bool:
        """Whether the failed step found sockets left open."""
        return self.failed.text.startswith(COUNT)

    @property
    def wanted_port_kept(self) -> bool:
        """Whether the failed step started a second copy of the program."""
        return self.failed.text == PORT_KEPT

    @property
    def wanted_memory(self) -> bool:
        """Whether the failed step found the program's memory grown."""
        return self.failed.text.startswith(MEMORY)

    @property
    def wanted_flow(self) -> bool:
        """Whether the failed step is about the order of the program's calls."""
        return self.failed.text.startswith(FLOW)

    @property
    def shutdown_missing(self) -> bool:
        """Whether the failed step waited for the program to end its side, or for a flow in which it does so first."""
        detail = self.failed.detail
        never = self.wanted_flow and "shutdown" in detail.partition("Never called:")[2]
        return self.wanted_end or never

    @cached_property
    def values(self) -> tuple[tuple[object, object], ...]:
        """Expected and received plain values side by side, taken out of tuples and lists of the same shape."""
        try:
            pair = ast.literal_eval(self.failed.expected_value), ast.literal_eval(self.failed.received_value)
        except (ValueError, SyntaxError):  # not about a value, or about one that has no literal
            return ()
        return tuple(_leaves(*pair))

    @property
    def numbers(self) -> tuple[tuple[int, int], ...]:
        """The pairs of integers in `values`, if only these differ."""
        found = [(one, other) for one, other in self.values if type(one) is int and type(other) is int]
        rest = [pair for pair in self.values if pair not in found]
        return tuple(found) if all(one == other for one, other in rest) else ()

    # -- the program --------------------------------------------------------------------------------------------

    @property
    def server(self) -> bool:
        """Whether the program is a server."""
        return self.exchange.role == "server"

    @property
    def exception(self) -> str:
        """The exception that ended the program, or a part of it: "TypeError: …"; "" if there was none."""
        return self.exchange.program.exception

    @property
    def wanted_bytes(self) -> int | None:
        """How many bytes struct's unpack asked for, if it was given fewer and that ended the program."""
        needs = re.search(r"unpack requires a buffer of (\d+) bytes", self.exception)
        return int(needs[1]) if needs else None

    @property
    def restarted(self) -> bool:
        """Whether the failed step is about a second start of the program."""
        return sum(step.actor == "program" for step in self.exchange.steps) > 1

    @property
    def crash(self) -> Call | None:
        """The call whose error ended the whole program."""
        if self.exchange.program.running or not self.exception:
            return None
        told = [call for call in self.calls if call.failed and call.message and call.message in self.exception]
        return told[-1] if told else None

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls of the program since it was last started, in the order they began."""
        every = tuple(self.exchange.by("student"))
        before = self._before_start()
        first: dict[int, float] = {}
        for call in every:
            first.setdefault(call.process, call.started)
        return tuple(call for call in every if first[call.process] >= before)

    def _before_start(self) -> float:
        """When the last step before the program's last start ended; 0 if it was started once."""
        steps = self.exchange.steps
        starts = [position for position, step in enumerate(steps) if step.actor == "program"]
        return steps[starts[-1] - 1].ended if starts and starts[-1] else 0.0

    @cached_property
    def lives(self) -> tuple[Life, ...]:
        """The program's sockets since it was last started, in the order they were made."""
        return lives_of(self.calls)

    @cached_property
    def past_lives(self) -> tuple[Life, ...]:
        """The program's sockets of all its starts."""
        return lives_of(self.exchange.by("student"))

    def wrong_port(self, *names: str) -> tuple[Call, int] | None:
        """The first of these calls, with the port it names, if none of them names the port given."""
        given = self.exchange.given
        calls = [call for call in self.calls if call.name in names]
        named = [(call, place[1]) for call in calls if (place := endpoint(call)) is not None]
        if given is None or not named or any(port == given[1] for _, port in named):
            return None
        return named[0]

    # -- sockets ------------------------------------------------------------------------------------------------

    @cached_property
    def listener(self) -> Life | None:
        """The socket that listens (TCP) or is bound (UDP), the last if there are several."""
        name = "bind" if self.exchange.transport == "udp" else "listen"
        found = [life for life in self.lives if life.did(name)]
        return found[-1] if found else None

    @cached_property
    def accepted(self) -> tuple[Call, ...]:
        """The successful accepts, in order."""
        return tuple(call for life in self.lives for call in life.did("accept"))

    @property
    def accepting(self) -> Call | None:
        """The accept that the program waits in."""
        return next((life.blocked for life in self.lives if life.blocked and life.blocked.name == "accept"), None)

    # -- conversations ------------------------------------------------------------------------------------------

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        """What each reference socket that speaks and the program did to each other, in the order of the clients.

        A reference client is the reference's n-th socket; a reference server's n-th connection is its n-th accept.
        """
        reference = tuple(self.exchange.by("reference"))
        lives = lives_of(reference)
        if self.server or self.exchange.transport == "udp":
            spoken = [life for life in lives if life.calls[0].name == "socket"]
        else:
            made = [call.made for call in reference if call.name == "accept" and not call.failed]
            spoken = [life for number in made for life in lives if life.calls[0].socket == number]
        return tuple(Talk(life, *self._other_side(life)) for life in spoken)

    @cached_property
    def _by_peer(self) -> dict[int, list[Call]]:
        """The program's calls by the port of the other end."""
        found: dict[int, list[Call]] = {}
        for call in self.exchange.by("student"):
            if call.remote is not None:
                found.setdefault(call.remote[1], []).append(call)
        return found

    def _other_side(self, life: Life) -> tuple[tuple[Call, ...], Call | None]:
        """The program's calls on a connection, and the accept that made it."""
        remote = self._by_peer.get(life.local[1], []) if life.local is not None else []
        if not self.server:  # all clients of one server have the same remote port
            ports = {call.remote[1] for call in life.calls if call.remote is not None}
            remote = [call for call in remote if call.local is None or not ports or call.local[1] in ports]
        accepts = [call for call in remote if call.name == "accept"]
        return tuple(call for call in remote if call.name != "accept"), accepts[-1] if accepts else None

    @cached_property
    def talk(self) -> Talk | None:
        """The conversation that the failed step is about; a check of a client is about its last one."""
        actor = self.failed.actor
        if actor in ("check", "program"):
            return self.talks[-1] if self.talks and not self.server else None
        digits = "".join(filter(str.isdigit, actor))
        number = int(digits) if digits else 1
        return self.talks[number - 1] if number <= len(self.talks) else None

    @property
    def answered(self) -> bool:
        """Whether an earlier step of the same actor got bytes that it expected."""
        return any(step.passed and step.received and step.actor == self.failed.actor for step in self.exchange.steps)


def _leaves(expected: object, received: object) -> Iterator[tuple[object, object]]:
    if isinstance(expected, tuple | list) and type(expected) is type(received):
        assert isinstance(received, tuple | list)
        if len(expected) == len(received):
            for pair in zip(expected, received, strict=True):
                yield from _leaves(*pair)
            return
    yield expected, received


def endpoint(call: Call) -> Address | None:
    """The address that a call names: the last of its arguments that is one, host and port; None if none is."""
    for argument in reversed(call.arguments):
        try:
            value = ast.literal_eval(str(argument))
        except (ValueError, SyntaxError):
            continue
        if isinstance(value, tuple) and len(value) >= 2 and isinstance(value[0], str) and isinstance(value[1], int):
            return value[0], value[1]
    return None


def in_two(call: Call) -> str | None:
    """The address that a call was given as two arguments where one pair belongs, `127.0.0.1, 7007`; None if not so."""
    if call.name not in ("bind", "connect", "connect_ex", "sendto") or len(call.arguments) != 2:
        return None
    host, port = map(str, call.arguments)
    return f"{host}, {port}" if host[:1] in ("'", '"') and port.strip("'\"").isdecimal() else None


def swapped(port: int) -> int:
    """A 16-bit number with its two bytes exchanged, as `htons` does it on a little-endian machine."""
    return (port & 0xFF) << 8 | port >> 8 & 0xFF


def asked(call: Call) -> int:
    """How many bytes at most a call that receives asked for; 0 if that is not known."""
    size = call.arguments[0] if call.arguments else 0
    return size if isinstance(size, int) else 0
