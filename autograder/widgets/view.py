"""The view: what the kernel holds for the stepper's two processes at one moment, each socket with its state.

Owns the matching of a program's sockets with the kernel's rows, by inode where there are such, else by address. Must
not know how the processes are moved or how the view is drawn.

Sources: proc(5); the names of TCP's states are those of RFC 9293 §3.3.2 as `ss` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import psutil

from autograder import kernel
from autograder.exchange import Address, Call
from autograder.kernel import KernelSocket
from autograder.steady import Renaming
from autograder.widgets.flow import PARTIES, Held, Offer, Party, Transport

MEANS = {
    "LISTEN": "waits for connections",
    "SYN_SENT": "has asked for a connection",
    "ESTABLISHED": "connected",
    "FIN_WAIT1": "has said that it is done sending",
    "FIN_WAIT2": "done sending; the peer is not",
    "CLOSE_WAIT": "the peer is done sending",
    "LAST_ACK": "both are done; waits for the last word",
    "TIME_WAIT": "over; the kernel keeps the address for a minute",
    "CLOSE": "no connection",
}
"""What a state means, in a few words."""

PASSING = frozenset({"SYN_SENT", "SYN_RECV", "NEW_SYN_RECV", "FIN_WAIT1", "LAST_ACK", "CLOSING"})
"""States that end by themselves at once, over loopback."""


ENDED = frozenset({"CLOSE_WAIT", "LAST_ACK", "CLOSING"})
"""States after the peer's FIN, which counts as one unread byte of the queue (RFC 9293 §3.4) until recv has told it."""


@dataclass(frozen=True)
class SocketView:
    """One open socket of a program, as the kernel has it.

    `state` is "CLOSE" for a TCP socket that neither listens nor has a peer: the kernel's table has no row for it.
    Queues are in bytes; for a listening socket `received` counts the connections that wait for accept. Both are None
    where the system does not tell them. A row of the kernel's that no descriptor names has no `variable`, and -1.
    """

    variable: str
    descriptor: int
    state: str
    local: Address | None = None
    remote: Address | None = None
    unsent: int | None = None
    received: int | None = None


@dataclass(frozen=True)
class ProcessView:
    """One of the two processes: its number, the call it waits in ("" if none), its open sockets, its possible calls.

    `next` is the name of the call that the standard flow has next, "" after the last.
    """

    party: Party
    number: int
    waits: str
    sockets: tuple[SocketView, ...]
    offers: tuple[Offer, ...]
    next: str = ""


@dataclass(frozen=True)
class View:
    """Both processes, and the kernel's rows that belong to neither: not accepted yet, or outliving their sockets.

    `said` tells in one line what came of the last press.
    """

    transport: Transport
    server: ProcessView
    client: ProcessView
    others: tuple[SocketView, ...] = ()
    said: str = ""

    def of(self, party: Party) -> ProcessView:
        """The view of one process."""
        return self.server if party == "server" else self.client


def of_port(table: Iterable[KernelSocket], port: int) -> tuple[KernelSocket, ...]:
    """The rows that concern this port."""
    return tuple(row for row in table if port in (row.local[1], row.remote[1]))


def passing(found: Iterable[KernelSocket]) -> bool:
    """Whether something is on its way just now, so that these rows will soon be others."""
    found = [row for row in found if row.state != "LISTEN"]
    unread = {(row.local, row.remote) for row in found if row.received}
    return any(row.state in PASSING or (row.unsent and (row.remote, row.local) not in unread) for row in found)


def owed(calls: Sequence[Call], found: Iterable[KernelSocket]) -> bool:
    """Whether a datagram was sent to one of these sockets that it neither holds nor has been asked for."""
    return any(not row.received and _sent(calls, row.local[1]) > _read(calls, row.local[1]) for row in found)


def _sent(calls: Sequence[Call], to: int) -> int:
    """How many datagrams were sent to a port since a socket was last bound to it."""
    binds = [call.started for call in calls if call.name == "bind" and call.local and call.local[1] == to]
    sends = [call for call in calls if call.name in ("send", "sendto") and not call.failed and not call.blocked]
    named = [call for call in sends if call.started > max(binds, default=0.0) and _names(call, to)]
    return len(named)


def _names(call: Call, to: int) -> bool:
    remote = call.remote is not None and call.remote[1] == to
    return any(str(part).endswith(f", {to})") for part in call.arguments) if call.name == "sendto" else remote


def _read(calls: Sequence[Call], at: int) -> int:
    reads = [call for call in calls if call.name in ("recv", "recvfrom") and not call.failed and not call.blocked]
    return sum(call.local is not None and call.local[1] == at for call in reads)


def sockets(
    mine: Iterable[Held], process: int, calls: Sequence[Call], table: Iterable[KernelSocket]
) -> tuple[SocketView, ...]:
    """A program's open sockets as the kernel has them; `calls` are the program's own, `table` the kernel's rows."""
    if not kernel.READABLE:
        return tuple(_asked(process, one, calls) for one in mine if one.open)
    inodes = kernel.socket_inodes(process)
    rows = {row.inode: row for row in table if row.inode}
    return tuple(_seen(one, rows.get(inodes.get(one.descriptor, 0)), calls) for one in mine if one.open)


def _seen(one: Held, row: KernelSocket | None, calls: Sequence[Call]) -> SocketView:
    if row is None:
        return SocketView(one.variable, one.descriptor, "CLOSE", _bound(one, calls))
    return replace(alone(row), variable=one.variable, descriptor=one.descriptor)


def alone(row: KernelSocket) -> SocketView:
    """A row of the kernel's, without a descriptor."""
    remote = row.remote if row.remote[1] else None
    received = max(row.received - (row.state in ENDED), 0)
    return SocketView("", -1, row.state, row.local, remote, row.unsent, received)


def _bound(one: Held, calls: Sequence[Call]) -> Address | None:
    """The address a socket has had since its bind; the kernel's table lists no TCP socket that is only bound."""
    return next((c.local for c in calls if c.name == "bind" and c.socket == one.number and not c.failed), None)


def _asked(process: int, one: Held, calls: Sequence[Call]) -> SocketView:
    """What the system tells of another process's sockets where there is no table to read."""
    local, remote = _ends(one, calls)
    try:
        found = psutil.Process(process).net_connections("inet")
    except (psutil.Error, OSError):
        return SocketView(one.variable, one.descriptor, "unknown", local, remote)
    for row in found:
        if (row.fd == one.descriptor) if row.fd >= 0 else (row.laddr == local and (row.raddr or None) == remote):
            state = "CLOSE" if row.status == psutil.CONN_NONE else str(row.status)
            ends = [(str(end[0]), int(end[1])) if end and end[1] else None for end in (row.laddr, row.raddr)]
            return SocketView(one.variable, one.descriptor, state, ends[0], ends[1])
    return SocketView(one.variable, one.descriptor, "CLOSE", local, remote)


def _ends(one: Held, calls: Sequence[Call]) -> tuple[Address | None, Address | None]:
    """A socket's two addresses as its own calls tell them."""
    own = [
        call
        for call in calls
        if not call.failed and (call.made if call.name == "accept" else call.socket) == one.number and not call.blocked
    ]
    local = next((call.local for call in reversed(own) if call.local), None)
    remote = next((call.remote for call in own if call.name in ("accept", "connect")), None)
    return local, remote


def steady(view: View, names: Renaming) -> View:
    """The same view with steady numbers, as `steady.steady` gives a history; the processes' own are left out."""
    server, client = (_steady(view.of(party), names) for party in PARTIES)
    others = tuple(_renamed(one, 0, names) for one in view.others)
    return replace(view, server=server, client=client, others=others, said=names.text(view.said))


def _steady(process: ProcessView, names: Renaming) -> ProcessView:
    found = tuple(_renamed(one, process.number, names) for one in process.sockets)
    known = tuple(replace(offer, code=names.text(offer.code)) for offer in process.offers)
    return replace(process, number=0, sockets=found, offers=known)


def _renamed(one: SocketView, process: int, names: Renaming) -> SocketView:
    descriptor = names.descriptors.get((process, one.descriptor), one.descriptor)
    return replace(one, descriptor=descriptor, local=names.known(one.local), remote=names.known(one.remote))
