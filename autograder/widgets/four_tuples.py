"""Many connections at one port: which socket an arriving segment is given to.

Owns the rule (by the four numbers: local address and port, remote address and port), its picture, and the widget that
tries it. The server and clients that the widget shows are its own: it opens them, and closes them.
Must not know about exchanges or lectures.
"""

from __future__ import annotations

import select
import socket
import time
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder import kernel
from autograder.exchange import Address
from autograder.widgets.canvas import PAGE, arrow, box, count, endpoint, label
from autograder.widgets.canvas import picture as framed
from autograder.widgets.panel import Action, Panel, Refused, in_words
from autograder.widgets.still import Picture

__all__ = ["Explorer", "Picture", "Row", "explorer", "picture", "receiver", "rows", "steady", "text"]

MOST = 8
"""Clients that the widget may have at once: more would not fit the picture."""

SETTLE_SECONDS = 2.0
"""Until what a client sent has arrived; over loopback that is at once unless the machine is busy."""

SAMPLE_SECONDS = 0.002
"""Between two looks at the kernel's table, which can't be waited on."""


@dataclass(frozen=True)
class Row:
    """One socket at a server's port. `remote` is None for the one that listens.

    `unread` counts the bytes that no program has read, for the listening socket the connections that nobody has
    accepted; None where the system does not tell.
    """

    local: Address
    remote: Address | None
    state: str
    unread: int | None = None


def receiver(table: Iterable[Row], remote: Address, local: Address, *, first: bool = False) -> Row | None:
    """The socket that a segment from `remote` to `local` is given to; None if it is refused (RFC 9293 §3.10.7).

    `first` is whether it asks for a new connection (SYN): only such a one may go to the listening socket.
    """
    table = list(table)
    for row in table:
        if (row.local, row.remote) == (local, remote):
            return row
    listening = [row for row in table if row.remote is None and row.local in (local, ("0.0.0.0", local[1]))]
    return listening[0] if first and listening else None


def rows(server: socket.socket, *clients: socket.socket) -> tuple[Row, ...]:
    """The kernel's rows for a listening socket and for its end of these clients' connections, in this order."""
    here: Address = server.getsockname()[:2]
    ends = [(client.getpeername()[:2], client.getsockname()[:2]) for client in clients]
    known = _settled(ends)
    listening = next((row for row in known.values() if row.local == here and row.state == "LISTEN"), None)
    found = [Row(here, None, "LISTEN", listening.received if listening else None)]
    for end in ends:
        row = known.get(end)
        found.append(Row(*end, row.state if row else "ESTABLISHED", row.received if row else None))
    return tuple(found)


def _settled(ends: Iterable[tuple[Address, Address]]) -> dict[tuple[Address, Address], kernel.KernelSocket]:
    """The kernel's rows by local and remote address, when each handshake is over and all that was sent has arrived."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        known = {(row.local, row.remote): row for row in kernel.sockets()}
        there = [known[end] for end in ends if end in known]
        back = [known[end[::-1]] for end in ends if end[::-1] in known]
        busy = any(row.state == "SYN_RECV" for row in there) or any(row.unsent for row in back)
        if not busy or time.monotonic() > deadline:
            return known
        select.select([], [], [], SAMPLE_SECONDS)  # on Windows never reached: it has no table to be busy in


def port_numbers(addresses: Iterable[Address | None], given: int | None = None) -> dict[int, int]:
    """Steady numbers for ports that the system chose: 5000 for `given`, the others from 50001 as they come."""
    known = {} if given is None else {given: 5000, 0: 0}
    for address in addresses:
        if address and address[1] not in known:
            known[address[1]] = 50_001 + len(known) - len({0, given} & known.keys())
    return known


def steady(table: Sequence[Row]) -> tuple[Row, ...]:
    """The same rows with ports numbered anew, so that a printed page stays the same: 5000, then 50001, 50002, …"""
    names = port_numbers((row.remote for row in table), table[0].local[1])

    def named(address: Address) -> Address:
        return address[0], names[address[1]]

    return tuple(replace(row, local=named(row.local), remote=row.remote and named(row.remote)) for row in table)


def picture(table: Sequence[Row], arrived: Address | None = None) -> Picture:
    """Draw which socket each segment goes to. `arrived` is the client whose segment came last."""
    parts = [
        label(24, 32, "arriving from", "name"),
        label(300, 32, f"one port, {endpoint(table[0].local)}: {count(len(table), 'socket')}", "name"),
    ]
    y = 48.0
    for row in sorted(table, key=lambda row: row.remote is None):
        parts.append(_row(row, y, bool(row.remote) and row.remote == arrived))
        y += 58
    return framed("Which socket gets an arriving segment", "".join(parts), y + 6, text(table, arrived))


def text(table: Sequence[Row], arrived: Address | None = None) -> str:
    """The same in words, one socket a line."""
    lines = [f"{'local':<18}{'remote':<18}{'state':<13}unread"]
    for row in table:
        mark = "  <- the last segment" if row.remote and row.remote == arrived else ""
        lines.append(f"{endpoint(row.local):<18}{endpoint(row.remote):<18}{row.state:<13}{_unread(row)}{mark}")
    return "\n".join(lines)


def _unread(row: Row) -> str:
    if row.unread is None:
        return "not told by this system"
    return count(row.unread, "byte") if row.remote else f"{count(row.unread, 'connection')} to accept"


def _row(row: Row, y: float, now: bool) -> str:
    source = endpoint(row.remote) if row.remote else "anybody else, to connect"
    middle = y + 24
    return "".join(
        [
            box(24, y + 6, 200, 36, "tint" if now else "box"),
            label(36, middle + 5, source, "mono" if row.remote else ""),
            arrow(228, middle, 296, middle),
            box(300, y, PAGE - 324, 48, "tint" if now else "box"),
            label(314, y + 20, f"local  {endpoint(row.local)}", "mono"),
            label(314, y + 39, f"remote {endpoint(row.remote) if row.remote else 'anybody'}", "mono"),
            label(530, y + 20, row.state, "mono"),
            label(530, y + 39, _unread(row) + (", unread" if row.remote and row.unread is not None else ""), "soft"),
            label(PAGE - 38, y + 30, "← just now", "name end") if now else "",
        ]
    )


class Desk:
    """A listening socket and its clients; nobody accepts more than needed, nothing is read."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.clients: list[socket.socket] = []
        self._accepted: dict[Address, socket.socket] = {}
        self._close = weakref.finalize(self, _close, self.server, self.clients, self._accepted)

    def join(self) -> Address:
        """One more client connects, and the server accepts it; the client's address."""
        client = socket.create_connection(self.server.getsockname())
        self.clients.append(client)
        select.select([self.server], [], [], SETTLE_SECONDS)
        accepted, _ = self.server.accept()
        address: Address = accepted.getpeername()
        self._accepted[address] = accepted
        return address

    def send(self, number: int) -> tuple[Address, int]:
        """Client `number`, from 1, sends three bytes; its address, and how many wait for the server to read."""
        client = self.clients[number - 1]
        client.sendall(b"abc")
        address: Address = client.getsockname()
        select.select([self._accepted[address]], [], [], SETTLE_SECONDS)
        return address, 3

    def leave(self, number: int) -> Address:
        """Client `number`, from 1, closes its socket, and so does the server's end."""
        client = self.clients.pop(number - 1)
        address: Address = client.getsockname()
        client.close()
        self._accepted.pop(address).close()
        return address

    def rows(self) -> tuple[Row, ...]:
        """The kernel's rows for all of this."""
        return rows(self.server, *self.clients)

    def close(self) -> None:
        """Close every socket."""
        self._close()


def _close(server: socket.socket, clients: list[socket.socket], accepted: dict[Address, socket.socket]) -> None:
    for sock in (server, *clients, *accepted.values()):
        sock.close()


def explorer() -> Explorer:
    """The live form of `picture`: let clients come, send and go, and see which of the server's sockets is meant."""
    return Explorer()


class Explorer(Panel):
    """The widget: a real server at one port, and as many clients as you press for."""

    actions = (
        Action("join", "One more client"),
        Action("send", "Send 3 bytes from client", 1, ""),
        Action("leave", "Close client", 1, ""),
    )
    name = "Which socket gets it"
    hint = "run this cell in JupyterLab, then press One more client, and let it send."

    def __init__(self) -> None:
        self._desk = Desk()
        self._arrived: Address | None = None
        super().__init__()
        self.show(picture(self._desk.rows()), "A server listens, and has no clients yet.")

    def press(self, name: str, number: int | None = None) -> None:
        """Do what a button says; `number` is the client, from 1."""
        self.obey(name, number, lambda: picture(self._desk.rows(), self._arrived))

    def join(self) -> str:
        """One more client connects."""
        if len(self._desk.clients) == MOST:
            raise Refused(f"{MOST} clients are enough for one picture; close one first. (A server can have thousands.)")
        self._arrived = self._desk.join()
        which = len(self._desk.clients)
        return f"Client {which} connected from {endpoint(self._arrived)}, and accept made a socket for it alone."

    def send(self, number: int) -> str:
        """A client sends."""
        self._check(number)
        try:
            self._arrived, size = self._desk.send(number)
        except OSError as error:
            return in_words("send()", error)
        return f"{count(size)} from {endpoint(self._arrived)}: only the socket with that remote address got them."

    def leave(self, number: int) -> str:
        """A client closes."""
        self._check(number)
        gone = self._desk.leave(number)
        self._arrived = None
        return f"The connection with {endpoint(gone)} is closed at both ends. The others notice nothing."

    def _check(self, number: int | None) -> None:
        many = len(self._desk.clients)
        if not many:
            raise Refused("There is no client yet: press One more client.")
        if number is None or not 1 <= number <= many:
            raise Refused(f"There is no client {number or 'of that number'}; type one from 1 to {many}.")

    def close(self) -> None:
        """Close the widget and all its sockets."""
        self._desk.close()
        super().close()
