"""Lanes: which client, or which of a reference server's connections, a call belongs to.

Owns the names by which several reference sockets are told apart. Must not know about order or drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exchange import Address, Call, Exchange
from autograder.ladder.captions import SENDING
from autograder.ladder.wire import plain


@dataclass(frozen=True)
class Lanes:
    """The names of the reference sockets; all are "" where there is only one."""

    of_socket: dict[tuple[int, int], str]
    of_endpoint: dict[Address, str]
    several: bool
    noun: str

    def of(self, call: Call) -> str:
        """The name of the reference socket that a call of either side is made on or speaks to."""
        if not self.several:
            return ""
        if call.side == "reference":
            return self.of_socket.get((call.process, call.socket), "")
        return self.of_endpoint.get(plain(call.remote), "") if call.remote else ""

    def named(self, actor: str) -> str:
        """A step's actor by the name its row has ("client" is "client 1" where there are several)."""
        return f"{actor} 1" if self.several and actor == self.noun else actor


def lanes(exchange: Exchange, calls: Sequence[Call]) -> Lanes:
    """Name the reference sockets that talk, in the order they were made."""
    if len(exchange.ports) > 1:
        return _servers(exchange, calls)
    noun = "client" if exchange.role == "server" else "connection"
    talking = _talking(calls, listens=exchange.role != "server")
    names = {socket: f"{noun} {number}" for number, socket in enumerate(talking, 1)}
    endpoints: dict[Address, str] = {}
    for call in calls:
        if call.side != "reference":
            continue
        if call.name == "accept" and call.made is not None and call.remote:
            continue
        name = names.get((call.process, call.socket))
        if name and call.local and call.local[1]:
            endpoints.setdefault(plain(call.local), name)
            endpoints.setdefault(("127.0.0.1", call.local[1]), name)  # a datagram socket is bound to the wildcard
    return Lanes(names, endpoints, len(talking) > 1, noun)


def _servers(exchange: Exchange, calls: Sequence[Call]) -> Lanes:
    """Name several reference servers in the order in which the program got their ports; what each accepted, too."""
    of_port = {port: f"server {number}" for number, port in enumerate(exchange.ports, 1)}
    names: dict[tuple[int, int], str] = {}
    endpoints: dict[Address, str] = {}
    for call in calls:
        if call.side == "reference" and call.local and (name := of_port.get(call.local[1])):
            names[call.process, call.socket] = name
            endpoints[plain(call.local)] = name
            if call.made is not None:
                names[call.process, call.made] = name
    return Lanes(names, endpoints, True, "server")


def _talking(calls: Sequence[Call], *, listens: bool) -> list[tuple[int, int]]:
    """The reference's sockets that stand for a peer: those that connect or send, or those it accepted."""
    found: dict[tuple[int, int], None] = {}
    for call in calls:
        if call.side != "reference":
            continue
        if listens and call.name == "accept" and call.made is not None:
            found[call.process, call.made] = None
        elif not listens and (call.name.startswith("connect") or call.name in SENDING):
            found[call.process, call.socket] = None
    return list(found)
