"""A datagram socket of the reference side: what it sends to the student's program and what it expects of it.

Owns the actions and expectations for UDP, for reference clients and servers alike, and the adversities of a network
that promises nothing (RFC 768): loss, duplicates, another order, a part cut off, a stranger's datagram. Must not start
programs. Every method is one numbered step; one that does not go as it should raises CheckFailed.

A delay is the order of steps: what is sent later in the check is what came late. `loses_datagram` and then
`expects_datagram` is a program's second try; `replies` after that answers the first one, late.
"""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator, Sequence

from autograder import expectations, seed
from autograder.exchange import Address, Outcome
from autograder.expectations import show
from autograder.trial import Trial
from autograder.words import LOSES

LARGEST = 65_507
"""The most bytes a UDP datagram carries over IPv4: 65,535 less the headers' 28 (RFC 768, RFC 791)."""

BUFFER = 1_048_576
"""Bytes of room for what is sent and received: several datagrams of the largest size. The system may give less."""

_PLAIN = socket.socket
"""For options that are the harness's own affair: set with this class's method, they do not enter the history."""


class Datagrams:
    """A UDP socket. `remote` is the program's address if it is a server; a client's is learnt from what it sends."""

    def __init__(self, trial: Trial, actor: str, sock: socket.socket, remote: Address | None) -> None:
        self._trial, self._actor, self._sock, self._remote = trial, actor, _roomy(sock), remote
        self._elsewhere: list[socket.socket] = []

    # -- actions ------------------------------------------------------------------------------------------------

    def sends(self, data: bytes, *, times: int = 1) -> None:
        """Send one datagram to the program, or the same several times: duplicates."""
        self._send(f"sends {expectations.datagram(data)}{_times(times)}", [data] * times)

    def sends_reordered(self, datagrams: Sequence[bytes]) -> None:
        """Send these datagrams in another order, which the seed decides.

        Raises ValueError if there is no other order: there are fewer than two, or all are the same.
        """
        order = _another_order(datagrams)
        self._send(f"sends {_reordered(order)}", [datagrams[number] for number in order])

    def replies(self, data: bytes, *, times: int = 1) -> None:
        """Send one datagram to whoever sent the last one, or the same several times: duplicates."""
        self._send(f"replies with {expectations.datagram(data)}{_times(times)}", [data] * times)

    def replies_reordered(self, datagrams: Sequence[bytes]) -> None:
        """Reply with these datagrams in another order, as `sends_reordered` does."""
        order = _another_order(datagrams)
        self._send(f"replies with {_reordered(order)}", [datagrams[number] for number in order])

    def replies_cut(self, data: bytes, size: int) -> None:
        """Reply with the first `size` bytes of a datagram only, as if the rest had been cut off on its way.

        Raises ValueError if that leaves nothing out.
        """
        if not 0 <= size < len(data):
            raise ValueError(f"cutting {len(data)} bytes leaves from 0 to {len(data) - 1} of them, not {size}")
        more = " …" if size > expectations.SHOWN else ""
        shown = f"{data[: min(size, expectations.SHOWN)]!r}{more}"
        self._send(f"replies with the first {size:,} of {len(data):,} bytes {shown}", [data[:size]])

    def replies_from_elsewhere(self, data: bytes) -> None:
        """Reply from another socket, bound to another port of the same host: a stranger's datagram."""
        other = _roomy(self._trial.socket(self._sock.family, socket.SOCK_DGRAM))
        self._elsewhere.append(other)
        other.bind((self._sock.getsockname()[0], 0))
        self._send(f"replies with {expectations.datagram(data)} from another port", [data], other)

    def _send(self, text: str, datagrams: Sequence[bytes], sock: socket.socket | None = None) -> None:
        if self._remote is None:
            raise RuntimeError("the program has sent nothing yet: call expects_datagram first, then replies")
        for data in datagrams:
            (sock or self._sock).sendto(data, self._remote)
        self._trial.passed(self._actor, text)

    # -- expectations -------------------------------------------------------------------------------------------

    def expects_datagram(self, expected: bytes) -> None:
        """The next datagram from the program is exactly this one; it must come from the address it was spoken to at."""
        self._expect(expected, f"expects {expectations.datagram(expected)}")

    def loses_datagram(self, expected: bytes) -> None:
        """The same, and then it counts as lost on its way: the program gets no answer to it."""
        self._expect(expected, f"expects {expectations.datagram(expected)}{LOSES}")

    def _expect(self, expected: bytes, text: str) -> None:
        begun = self._trial.now()
        outcome, received, sender = self._receive()
        known = self._remote
        if received == expected and known in (None, sender):
            self._remote = sender
            self._trial.passed(self._actor, text, Outcome.DATA, expected=expected, received=received, started=begun)
            return
        if received is None:
            detail = expectations.difference(expected or b"?", b"", outcome)
        elif received != expected:
            detail = f"Another datagram came: {show(received)}." if received else "An empty datagram came."
        else:
            detail = f"The bytes are right, but they came from {sender}, not from {known}."
        raise self._trial.failed(
            self._actor, text, outcome, detail, expected=expected, received=received or b"", started=begun
        )

    def expects_silence(self) -> None:
        """No datagram comes, while the program has done all it will do by itself."""
        begun, text = self._trial.now(), "expects silence: no datagram comes"
        outcome = self._trial.settle()
        if outcome is Outcome.SILENCE and not select.select([self._sock], [], [], 0)[0]:
            self._trial.passed(self._actor, text, outcome, started=begun)
            return
        received = self._receive()[1] if outcome is Outcome.SILENCE else None
        outcome = outcome if received is None else Outcome.DATA
        detail = expectations.not_silent(received or b"", outcome)
        raise self._trial.failed(self._actor, text, outcome, detail, received=received, started=begun)

    def _receive(self) -> tuple[Outcome, bytes | None, Address | None]:
        instead = self._trial.wait(lambda timeout: bool(select.select([self._sock], [], [], timeout)[0]))
        if instead is not None:
            return instead, None, None
        try:
            received, sender = self._sock.recvfrom(LARGEST + 28)
        except ConnectionError:  # WinSock tells of an ICMP "port unreachable" here
            return Outcome.REFUSED, None, None
        return Outcome.DATA, received, sender[:2]

    def drop(self) -> None:
        """Close all sockets at the end of a check; no step."""
        for sock in (self._sock, *self._elsewhere):
            sock.close()


def _roomy(sock: socket.socket) -> socket.socket:
    """The socket, non-blocking, with large buffers (socket(7); macOS sends no larger datagram than its buffer)."""
    sock.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        with contextlib.suppress(OSError):  # the BSDs refuse more than their limit
            _PLAIN.setsockopt(sock, socket.SOL_SOCKET, option, BUFFER)
    return sock


def _times(times: int) -> str:
    if times < 1:
        raise ValueError(f"a datagram is sent at least once, not {times} times")
    return f", {times:,} times" if times > 1 else ""


def _reordered(order: Sequence[int]) -> str:
    return f"{len(order):,} datagrams in another order: {', '.join(str(number + 1) for number in order)}"


def _another_order(datagrams: Sequence[bytes]) -> list[int]:
    """The numbers of these datagrams in an order that the program can tell from the given one, drawn from the seed."""
    if len(set(datagrams)) < 2:
        raise ValueError("there is no other order: give at least two datagrams that differ")
    return next(order for order in _orders(len(datagrams)) if [datagrams[number] for number in order] != [*datagrams])


def _orders(count: int) -> Iterator[list[int]]:
    """Orders of so many things, without end, always the same ones for a seed (Fisher and Yates' shuffle)."""
    turn = 0
    while True:
        order, turn = list(range(count)), turn + 1
        for last in range(count - 1, 0, -1):
            other = seed.integer(0, last, f"order of {count}, {turn}, {last}")
            order[last], order[other] = order[other], order[last]
        yield order
