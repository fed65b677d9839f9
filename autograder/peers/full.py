"""A TCP server that answers nobody: it listens, never accepts, and its queue of waiting connections is full.

Owns filling the queue. It has no actions: whoever connects to it waits.

Linux and macOS drop a SYN that finds the queue full, so that connect() is neither accepted nor refused and ends by the
program's own time-out, or after minutes by the system's (listen(2), tcp(7)). Windows refuses instead: there a program
meets what it meets at an absent server.
"""

from __future__ import annotations

import errno
import select
import socket

from autograder import kernel
from autograder.client import family
from autograder.exchange import Address
from autograder.trial import Trial

BACKLOG = 1
"""What listen() is given: the smallest number that no system takes for "as many as you like" (macOS does 0)."""

MOST = 16
"""So many connections fill every system's shortest queue."""

FILL_SECONDS = 0.3
"""A connection on loopback that takes longer found the queue full; asked only where the kernel does not tell."""


class Server:
    """Listens at a port the system chose, on one loopback address; its queue is filled by unrecorded connections."""

    def __init__(self, trial: Trial, host: str = "127.0.0.1") -> None:
        self._sock = trial.socket(family(host), socket.SOCK_STREAM)
        self._sock.bind((host, 0))
        self._sock.listen(BACKLOG)
        self.address: Address = self._sock.getsockname()[:2]
        self._waiting: list[socket.socket] = []
        while not self._is_full():
            self._waiting.append(self._join())

    def _is_full(self) -> bool:
        if len(self._waiting) >= MOST:
            raise OSError(errno.ENOTSUP, f"{MOST} connections have not filled a queue; this system's is longer")
        if kernel.READABLE:  # a backlog has room for one more than it says (Linux, sk_acceptq_is_full)
            rows = kernel.sockets("tcp", self.address[1])
            return any(row.state == "LISTEN" and row.local == self.address and row.received > BACKLOG for row in rows)
        return bool(self._waiting) and not select.select([], self._waiting[-1:], [], FILL_SECONDS)[1]

    def _join(self) -> socket.socket:
        joining = socket.socket(self._sock.family, socket.SOCK_STREAM)
        joining.setblocking(False)
        joining.connect_ex(self.address)
        return joining

    def drop(self) -> None:
        """Close all sockets at the end of a check; no step."""
        for waiting in self._waiting:
            waiting.close()
        self._sock.close()
