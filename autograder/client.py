"""The reference clients: they meet a student's server.

Owns the opening of the client's sockets, TCP and UDP, over IPv4 and IPv6. What they do then is in `connection` and
`datagram`.
"""

from __future__ import annotations

import atexit
import errno
import os
import select
import socket
from collections.abc import Iterator

from autograder.connection import Connection
from autograder.datagram import Datagrams
from autograder.exchange import Address, Outcome
from autograder.trial import Trial

WHY = {
    Outcome.REFUSED: "It was refused (ECONNREFUSED): nobody listens at {} port {}.",
    Outcome.SILENCE: "Nobody answered at {} port {}: the program's queue of waiting connections is full.",
    Outcome.TIMEOUT: "Nobody answered at {} port {} within the deadline.",
    Outcome.CRASH: "The program has crashed: nobody listens at {} port {}.",
    Outcome.EXIT: "The program has ended: nobody listens at {} port {}.",
    Outcome.SPINNING: "The program spins, and nobody answered at {} port {}.",
}

_PLAIN = socket.socket
"""For options that are the harness's own affair: set with this class's method, they do not enter the history."""

PORTS = range(20_000, 32_000)
"""The ports that programs are told to bind, below the ephemeral range."""

BLOCK = 60
"""So many of them a process takes for itself at a time."""


def free_port() -> int:
    """A port for the program to bind: below the ephemeral range, free, and different from its own byte-swapped value.

    It comes from a block that this process alone uses, so that checks running side by side never meet, not even when
    a program does not bind the port it was given. Raises OSError if all blocks are taken.
    """
    if _blocks.owner != os.getpid():  # a forked copy must not share its parent's
        _blocks.start_afresh()
    for number in _blocks.numbers():
        if number % 257 and number % 256 >= 1024 // 256 and _is_free(number):
            return number
    raise AssertionError("numbers() ends only by raising")


class _Blocks:
    """The blocks of ports this process has; the first port of each is bound for as long as the block is ours."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._held: list[socket.socket] = []
        self._turn = 0

    def start_afresh(self) -> None:
        """Let go of all blocks."""
        for held in self._held:
            held.close()
        self.__init__()  # type: ignore[misc]  # what a new process has

    def numbers(self) -> Iterator[int]:
        """Ports to try, each once, in turn; another block is taken when all of them have been tried."""
        tried = 0
        while True:
            ours = [held.getsockname()[1] + number for held in self._held for number in range(1, BLOCK)]
            while tried < len(ours):
                tried, self._turn = tried + 1, self._turn + 1
                yield ours[self._turn % len(ours)]
            self._held.append(self._take())
            self._turn = len(ours) - 1
            tried = len(ours)

    def _take(self) -> socket.socket:
        """Bind the first port of a block that nobody has (UDP, so that no connection can wait on it)."""
        first = os.getpid() * BLOCK % len(PORTS)
        for start in range(first, first + len(PORTS), BLOCK):
            held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                held.bind(("127.0.0.1", PORTS[start % len(PORTS)]))
            except OSError:
                held.close()
                continue
            return held
        raise OSError(f"all ports from {PORTS[0]} to {PORTS[-1]} are in use by other checks; wait for some to end")


_blocks = _Blocks()
atexit.register(_blocks.start_afresh)


def _is_free(port: int) -> bool:
    """Whether nobody has the port, for TCP or UDP over IPv4 or IPv6, and no closed connection waits on it (TIME_WAIT).

    An address family that this machine does not have says nothing.
    """
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        for own in (socket.AF_INET, socket.AF_INET6):
            try:
                with socket.socket(own, kind) as probe:
                    if own == socket.AF_INET6:
                        probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    probe.bind(("", port))
            except OSError as error:
                if own == socket.AF_INET or error.errno == errno.EADDRINUSE:
                    return False
    return True


def family(host: str) -> socket.AddressFamily:
    """The address family that a numeric host belongs to."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _try_connect(trial: Trial, sock: socket.socket, address: Address) -> Outcome:
    sock.setblocking(False)
    number = sock.connect_ex(address)
    if number not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
        return Outcome.REFUSED
    instead = trial.wait(lambda timeout: any(select.select([], [sock], [sock], timeout)[1:]))
    if instead is not None:
        return instead
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error in (errno.ECONNRESET, errno.EPIPE):  # it was accepted, and aborted at once
        return Outcome.RESET
    return Outcome.REFUSED if error else Outcome.DONE


def connect(trial: Trial, actor: str, address: Address, receive_buffer: int | None = None) -> Connection:
    """Connect to the program, with a receive buffer of so many bytes; the step fails with the reason if it cannot.

    A refusal counts once the program is at rest: one that is just about to listen again is tried again, and the
    refused attempt is no part of the history.
    """
    begun, text = trial.now(), f"connects to {address[0]} port {address[1]}"
    text += f", with a receive buffer of {receive_buffer:,} bytes" if receive_buffer is not None else ""
    listened = trial.listened()
    sock, outcome = _attempt(trial, address, receive_buffer)
    if outcome is Outcome.REFUSED:
        trial.settle()
        if trial.listened() > listened:
            trial.forget(sock)
            sock, outcome = _attempt(trial, address, receive_buffer)
    if outcome in (Outcome.DONE, Outcome.RESET):
        trial.passed(actor, text, started=begun)
        return Connection(trial, actor, sock, address, is_reset=outcome is Outcome.RESET)
    if outcome is Outcome.REFUSED:
        outcome = trial.after_end(None) or outcome
    raise trial.failed(actor, text, outcome, WHY[outcome].format(*address), started=begun)


def _attempt(trial: Trial, address: Address, receive_buffer: int | None) -> tuple[socket.socket, Outcome]:
    """A new socket that tried to connect, and what came of it; it is closed unless it is connected."""
    sock = trial.socket(family(address[0]), socket.SOCK_STREAM)
    if receive_buffer is not None:
        _PLAIN.setsockopt(sock, socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    outcome = _try_connect(trial, sock, address)
    if outcome not in (Outcome.DONE, Outcome.RESET):
        sock.close()
    return sock, outcome


def is_refused(trial: Trial, actor: str, address: Address) -> None:
    """Try to connect where nobody may listen, once the program is at rest; the step fails if somebody does."""
    begun, text = trial.now(), f"is refused at {address[0]} port {address[1]}"
    trial.settle()
    with trial.socket(family(address[0]), socket.SOCK_STREAM) as sock:
        outcome = _try_connect(trial, sock, address)
    if outcome is Outcome.REFUSED:
        trial.passed(actor, text, outcome, started=begun)
        return
    detail = (
        "It connected: the program listens there" + (" too." if address != trial.given else ".")
        if outcome in (Outcome.DONE, Outcome.RESET)
        else WHY[outcome]
    )
    raise trial.failed(actor, text, outcome, detail.format(*address), started=begun)


def datagrams(trial: Trial, actor: str, address: Address) -> Datagrams:
    """A UDP socket, bound to a port the system chose, that speaks to the program."""
    sock = trial.socket(family(address[0]), socket.SOCK_DGRAM)
    sock.bind(("::1" if sock.family == socket.AF_INET6 else "127.0.0.1", 0))
    return Datagrams(trial, actor, sock, address)
