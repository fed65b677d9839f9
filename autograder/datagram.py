"""A datagram socket of the reference side: what it sends to the student's program and what it expects of it.

Owns the actions and expectations for UDP, for reference clients and servers alike. Must not start programs.
Every method is one numbered step; one that does not go as it should raises CheckFailed.
"""

from __future__ import annotations

import select
import socket

from autograder import expectations
from autograder.exchange import Address, Outcome
from autograder.expectations import show
from autograder.trial import Trial

LARGEST = 65_507
"""The most bytes a UDP datagram carries over IPv4: 65,535 less the headers' 28 (RFC 768, RFC 791)."""


class Datagrams:
    """A UDP socket. `remote` is the program's address if it is a server; a client's is learnt from what it sends."""

    def __init__(self, trial: Trial, actor: str, sock: socket.socket, remote: Address | None) -> None:
        self._trial, self._actor, self._sock, self._remote = trial, actor, sock, remote
        sock.setblocking(False)

    def sends(self, data: bytes) -> None:
        """Send one datagram to the program."""
        self._send(f"sends {expectations.datagram(data)}", data)

    def replies(self, data: bytes) -> None:
        """Send one datagram to whoever sent the last one."""
        self._send(f"replies with {expectations.datagram(data)}", data)

    def _send(self, text: str, data: bytes) -> None:
        if self._remote is None:
            raise RuntimeError("the program has sent nothing yet: call expects_datagram first, then replies")
        self._sock.sendto(data, self._remote)
        self._trial.passed(self._actor, text)

    def expects_datagram(self, expected: bytes) -> None:
        """The next datagram from the program is exactly this one; it must come from the address it was spoken to at."""
        begun = self._trial.now()
        text = f"expects {expectations.datagram(expected)}"
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
        """Close the socket at the end of a check; no step."""
        self._sock.close()
