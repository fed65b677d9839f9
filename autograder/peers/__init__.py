"""The reference servers that a student's client meets: `peers.tcp` and `udp` serve, `full` and `absent` do not.

Owns the kinds there are and opening several of them. Must not know what the client is given or what becomes of it.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from autograder.exchange import Address
from autograder.peers import absent, full, tcp, udp
from autograder.trial import Trial

Kind = Literal["tcp", "udp", "tcp-full", "tcp-absent", "udp-absent"]
"""A server, one that answers nobody, or none at all."""

KINDS: dict[Kind, Callable[[Trial, str, str], Any]] = {
    "tcp": tcp.Server,
    "udp": udp.Server,
    "tcp-full": lambda trial, host, actor: full.Server(trial, host),
    "tcp-absent": lambda trial, host, actor: absent.Server(trial, socket.SOCK_STREAM, host),
    "udp-absent": lambda trial, host, actor: absent.Server(trial, socket.SOCK_DGRAM, host),
}
"""How each kind is made, at a host's address; the actor is what its steps call it."""

UNANSWERING = "tcp-full"
"""The kind that a client waits for in vain; whoever is in its queue is for ever on the way to it."""

TRIES = 5
"""How often other ports are tried, if somebody has one of them at another address of the servers' name."""


class Dropped(Protocol):
    """What is to be closed at the end of a check."""

    def drop(self) -> None:
        """Close it; no step."""


def transport(kind: Kind) -> Literal["tcp", "udp"]:
    """The transport that a kind of server speaks, or would speak."""
    return "udp" if kind.startswith("udp") else "tcp"


def open_all(
    trial: Trial, kinds: Sequence[Kind], host: str, resolves: Sequence[str], dropped: list[Dropped]
) -> list[Any]:
    """Servers of these kinds at a host's address, each at a port that nobody has at the other addresses.

    Whatever is opened is put into `dropped`. Raises OSError (EADDRINUSE) if no such ports were found.
    """
    elsewhere = [address for address in resolves if address != host]
    for _ in range(TRIES):
        servers: list[Any] = []
        for number, kind in enumerate(kinds, 1):
            servers.append(KINDS[kind](trial, host, "server" if number == 1 else f"server {number}"))
            dropped.append(servers[-1])
        if all(
            _reserve((address, server.address[1]), transport(kind), dropped)
            for server, kind in zip(servers, kinds, strict=True)
            for address in elsewhere
        ):
            return servers
        while dropped:
            dropped.pop().drop()
        trial.take_back()
    raise OSError(errno.EADDRINUSE, f"every port that was tried at {host} is in use at {', '.join(elsewhere)}")


def _reserve(address: Address, spoken: str, dropped: list[Dropped]) -> bool:
    """Whether nobody but us can have this address; one that does not exist here, nobody can."""
    try:
        dropped.append(absent.Reserved(address, socket.SOCK_DGRAM if spoken == "udp" else socket.SOCK_STREAM))
    except OSError as error:
        return error.errno != errno.EADDRINUSE
    return True
