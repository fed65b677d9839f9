"""Steady: a history with the numbers that the system hands out anew at every run put in the place of fixed ones.

Owns which numbers those are (ephemeral ports, the port a program was given, descriptors, processes, threads) and what
they become. A picture that is kept in a notebook, and feedback that is kept as a golden file, are of a steady history.
Must not know how the history was recorded or is shown; the same events give the same steady history.

What a program chose itself, a hard-coded port say, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.exchange import Address, Call, Exchange, Step

GIVEN = 5000
"""What the port becomes that the program was told to use."""

EPHEMERAL = 50001
"""What the first ephemeral port becomes; the others count on from it."""

DESCRIPTOR = 3
"""What a process's lowest socket descriptor becomes, the lowest that is free in a process that has opened nothing."""


@dataclass(frozen=True)
class Renaming:
    """What becomes of each number: of ports, of (process, descriptor), of processes and of (process, thread)."""

    ports: Mapping[int, int]
    descriptors: Mapping[tuple[int, int], int]
    processes: Mapping[int, int]
    threads: Mapping[tuple[int, int], int]

    def address(self, address: Address) -> Address:
        """An endpoint with its port renamed."""
        return address[0], self.ports.get(address[1], address[1])

    def known(self, address: Address | None) -> Address | None:
        """The same where there may be none."""
        return None if address is None else self.address(address)

    def text(self, text: str) -> str:
        """Words in which renamed ports stand."""
        if not self.ports:
            return text
        known = "|".join(map(str, self.ports))
        return re.sub(rf"(?<![\w.])(?:{known})(?![\w.]\d|\w)", lambda found: str(self.ports[int(found[0])]), text)

    def call(self, call: Call) -> Call:
        """One call, renamed."""
        made = call.made is not None and isinstance(call.result, int)
        result = self.descriptors.get((call.process, int(call.result or 0)), call.result) if made else call.result
        return replace(
            call,
            process=self.processes[call.process],
            descriptor=self.descriptors.get((call.process, call.descriptor), call.descriptor),
            arguments=tuple(self.text(part) if isinstance(part, str) else part for part in call.arguments),
            result=result,
            message=self.text(call.message),
            local=self.known(call.local),
            remote=self.known(call.remote),
            thread=self.threads[call.process, call.thread],
        )

    def step(self, step: Step) -> Step:
        """One step, renamed."""
        return replace(
            step,
            text=self.text(step.text),
            detail=self.text(step.detail),
            expected_value=self.text(step.expected_value),
            received_value=self.text(step.received_value),
        )


def steady(exchange: Exchange) -> Exchange:
    """The same history with steady numbers; times stay as they were."""
    names = renaming(exchange)
    program = exchange.program
    return replace(
        exchange,
        calls=tuple(map(names.call, exchange.calls)),
        steps=tuple(map(names.step, exchange.steps)),
        program=replace(
            program,
            output=names.text(program.output),
            exception=names.text(program.exception),
            returned=None if program.returned is None else names.text(program.returned),
        ),
        given=names.known(exchange.given),
        bound=names.known(exchange.bound),
        ports=tuple(names.ports.get(port, port) for port in exchange.ports),
    )


def renaming(exchange: Exchange) -> Renaming:
    """What `steady` renames, for what else speaks of the same history."""
    calls = sorted(exchange.calls, key=lambda call: call.side != "reference")
    processes = _numbered((call.process for call in sorted(exchange.calls, key=lambda call: call.side != "student")), 1)
    return Renaming(
        ports=_ports(exchange, calls),
        descriptors=_descriptors(exchange.calls),
        processes=processes,
        threads={
            (process, thread): number
            for process in processes
            for thread, number in _numbered((c.thread for c in exchange.calls if c.process == process), 1).items()
        },
    )


def _numbered(values: Iterable[int], first: int) -> dict[int, int]:
    """Each value with its number, in the order in which they first occur."""
    return {value: number for number, value in enumerate(dict.fromkeys(values), first)}


def _ports(exchange: Exchange, calls: Iterable[Call]) -> dict[int, int]:
    """The reference's sockets are opened in the check's own order, so they come first."""
    calls = list(calls)
    given = {address[1] for address in (exchange.given,) if address}
    named = " ".join(str(part) for call in calls if call.name == "bind" for part in call.arguments)
    chosen = {int(number) for number in re.findall(r"\b\d+\b", named)} - {0}
    ephemeral = [call.local[1] for call in calls if call.local]
    ports = dict.fromkeys(given, GIVEN) | {_swapped(port): _swapped(GIVEN) for port in given if _swapped(port) != port}
    return ports | _numbered((port for port in ephemeral if port not in {0} | given | chosen), EPHEMERAL)


def _swapped(port: int) -> int:
    """What a port becomes where its two bytes are taken in the other order."""
    return port % 256 * 256 + port // 256


def _descriptors(calls: Iterable[Call]) -> dict[tuple[int, int], int]:
    """By rank in each process: a new descriptor is the lowest that is free (POSIX open()), so the order holds."""
    used: dict[int, set[int]] = {}
    for call in calls:
        made = {call.result} if call.made is not None and isinstance(call.result, int) else set()
        used.setdefault(call.process, set()).update({call.descriptor} | made)
    return {
        (process, real): number
        for process, reals in used.items()
        for number, real in enumerate(sorted(real for real in reals if real >= 0), DESCRIPTOR)
    }
