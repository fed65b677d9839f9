"""The reference server for a student's UDP client.

Owns the bound socket; what it does is in `datagram.Datagrams`.
"""

from __future__ import annotations

import socket

from autograder.client import family
from autograder.datagram import Datagrams
from autograder.exchange import Address
from autograder.trial import Trial


class Server(Datagrams):
    """Bound to a port the system chose, on one loopback address; its first datagram tells it who the program is."""

    def __init__(self, trial: Trial, host: str = "127.0.0.1", actor: str = "server") -> None:
        sock = trial.socket(family(host), socket.SOCK_DGRAM)
        sock.bind((host, 0))
        super().__init__(trial, actor, sock, None)
        self.address: Address = sock.getsockname()[:2]
