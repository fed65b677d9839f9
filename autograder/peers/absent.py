"""A server that is not there: what a student's program finds at a port where nobody listens any more.

Owns keeping the port, so that nobody else can have it while the program tries it. It has no actions: it is not there.

A TCP socket that is bound and does not listen refuses every connection with RST (RFC 9293 §3.5.2). A UDP socket that
is connected takes datagrams from its peer only; it is connected to itself, so that the system answers any other sender
as if the port were free, with ICMP "port unreachable" (RFC 1122 §4.1.3.1), which a connected sender meets as
ECONNREFUSED.
"""

from __future__ import annotations

import socket

from autograder.client import family
from autograder.exchange import Address
from autograder.trial import Trial


class Server:
    """Was bound, for a moment, to a port the system chose, on one loopback address, and is gone."""

    def __init__(self, trial: Trial, kind: socket.SocketKind, host: str = "127.0.0.1") -> None:
        sock = trial.socket(family(host), kind)
        sock.bind((host, 0))
        self.address: Address = sock.getsockname()[:2]
        # in the history it is gone from here on; another descriptor keeps the port
        self._kept = _kept(socket.fromfd(sock.fileno(), sock.family, kind))
        sock.close()

    def drop(self) -> None:
        """Let the port go at the end of a check; no step."""
        self._kept.close()


class Reserved:
    """A certain port of an address, kept so that nobody will be there.

    Raises OSError (EADDRINUSE) if somebody has it, or (EADDRNOTAVAIL, EAFNOSUPPORT) if there is no such address here.
    """

    def __init__(self, address: Address, kind: socket.SocketKind) -> None:
        sock = socket.socket(family(address[0]), kind)
        try:
            sock.bind(address)
            self._kept = _kept(sock)
        except OSError:
            sock.close()
            raise

    def drop(self) -> None:
        """Let the port go at the end of a check; no step."""
        self._kept.close()


def _kept(sock: socket.socket) -> socket.socket:
    if sock.type == socket.SOCK_DGRAM:
        sock.connect(sock.getsockname())
    return sock
