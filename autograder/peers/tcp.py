"""The reference server for a student's TCP client.

Owns the listening socket and the accepting; each accepted connection is a `connection.Connection`.
"""

from __future__ import annotations

import select
import socket

from autograder import expectations
from autograder.client import family
from autograder.connection import Connection
from autograder.exchange import Address, Outcome
from autograder.trial import Trial


class Server:
    """Listens at a port the system chose, on one loopback address."""

    def __init__(self, trial: Trial, host: str = "127.0.0.1", actor: str = "server") -> None:
        self._trial, self._actor = trial, actor
        self._sock = trial.socket(family(host), socket.SOCK_STREAM)
        self._sock.bind((host, 0))
        self._sock.listen()
        self._sock.setblocking(False)
        self._connections: list[Connection] = []
        self.address: Address = self._sock.getsockname()[:2]

    def accepts(self) -> Connection:
        """The program connects, and is accepted."""
        begun, text = self._trial.now(), "accepts the program's connection"
        instead = self._trial.wait(lambda timeout: bool(select.select([self._sock], [], [], timeout)[0]))
        if instead is not None:
            reason = expectations.MEANT.get(instead, instead.value).removeprefix("nothing came").lstrip(":, ")
            detail = f"No connection came: {reason}."
            raise self._trial.failed(self._actor, text, instead, detail, started=begun)
        sock, remote = self._sock.accept()
        self._trial.passed(self._actor, text, started=begun)
        name = self._actor + (f", connection {len(self._connections) + 1}" if self._connections else "")
        self._connections.append(Connection(self._trial, name, sock, remote[:2]))
        return self._connections[-1]

    def expects_no_connection(self) -> None:
        """The program does not connect (again), having done all it will do by itself."""
        begun, text = self._trial.now(), "expects no connection"
        outcome = self._trial.settle()
        if not select.select([self._sock], [], [], 0)[0]:
            self._trial.passed(self._actor, text, outcome, started=begun)
            return
        raise self._trial.failed(self._actor, text, Outcome.DONE, "The program connected.", started=begun)

    def drop(self) -> None:
        """Close all sockets at the end of a check; no step."""
        for connection in self._connections:
            connection.drop()
        self._sock.close()
