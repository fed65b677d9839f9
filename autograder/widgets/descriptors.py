"""A process's own descriptor table, live: each number, and what it names.

Owns the widget that changes it. The sockets that the widget opens are its own, and closed with it; it closes no other.
The reading is `descriptors_table`'s, the drawing `descriptors_picture`'s. Must not know about exchanges or lectures.
"""

from __future__ import annotations

import socket
import weakref
from dataclasses import asdict, replace

from autograder.widgets.canvas import count, endpoint
from autograder.widgets.descriptors_picture import Row, picture, steady, text
from autograder.widgets.descriptors_table import table
from autograder.widgets.panel import Action, Panel, Refused, in_words
from autograder.widgets.still import Picture

__all__ = ["Explorer", "Picture", "Row", "explorer", "picture", "steady", "table", "text"]

MOST = 12
"""Sockets that the widget may hold at once: more would not fit the picture."""


class Desk:
    """The widget's sockets, in the order they were made."""

    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []
        self._close = weakref.finalize(self, _close, self.sockets)

    def keep(self, sock: socket.socket) -> int:
        """Take charge of a socket; its descriptor."""
        self.sockets.append(sock)
        return sock.fileno()

    def drop(self, number: int) -> None:
        """Close one of them."""
        sock = self.owned(number)
        self.sockets.remove(sock)
        sock.close()

    def owned(self, number: int) -> socket.socket:
        """The socket with this descriptor. Raises Refused, in words, if the widget has none."""
        for sock in self.sockets:
            if sock.fileno() == number:
                return sock
        mine = ", ".join(str(sock.fileno()) for sock in self.sockets)
        raise Refused(f"{number} is not one of this widget's. " + (f"It has {mine}." if mine else "Open one first."))

    def listening(self) -> socket.socket | None:
        """The first of them that listens."""
        options = (socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        streams = (sock for sock in self.sockets if sock.type == socket.SOCK_STREAM)
        return next((sock for sock in streams if sock.getsockopt(*options)), None)

    def close(self) -> None:
        """Close all of them."""
        self._close()


def _close(sockets: list[socket.socket]) -> None:
    for sock in sockets:
        sock.close()


def explorer() -> Explorer:
    """The live form of `picture`: open, duplicate and close sockets of this process, and see its table change."""
    return Explorer()


class Explorer(Panel):
    """The widget: the notebook's own descriptor table, with sockets that you open and close."""

    actions = (
        Action("tcp", "TCP socket"),
        Action("udp", "UDP socket"),
        Action("listen", "Listen"),
        Action("connect", "Connect"),
        Action("accept", "Accept"),
        Action("dup", "Dup", 0, ""),
        Action("drop", "Close", 0, ""),
        Action("everything", "All sockets / only these"),
    )
    name = "The descriptor table of this process"
    hint = "run this cell in JupyterLab, then open and close sockets, and watch the table."

    def __init__(self) -> None:
        self._desk = Desk()
        self._whole = False
        super().__init__()
        self.show(self._drawn(), "0, 1 and 2 are the standard input, output and error. Open a socket!")

    def press(self, name: str, number: int | None = None) -> None:
        """Do what a button says; `number` is a descriptor."""
        self.obey(name, number, self._drawn)

    def _drawn(self) -> Picture:
        mine = {sock.fileno() for sock in self._desk.sockets}
        shown = [row for row in table() if row.descriptor in mine | {0, 1, 2} or (self._whole and row.kind == "socket")]
        known = {row.descriptor for row in shown}
        if mine - known:  # a system that does not list descriptors
            shown += [row for row in table(*self._desk.sockets) if row.descriptor not in known]
        newest = self._desk.sockets[-1].fileno() if mine else 0
        self.buttons = [asdict(one if one.number is None else replace(one, number=newest)) for one in self.actions]
        return picture(shown, mine=mine)

    def _room(self) -> None:
        if len(self._desk.sockets) >= MOST:
            raise Refused(f"{MOST} are enough for one picture; close one first.")

    def _open(self, kind: socket.SocketKind) -> str:
        self._room()
        number = self._desk.keep(socket.socket(socket.AF_INET, kind))
        return f"socket() returned {number}, the lowest number that was free. It has no address yet."

    def tcp(self) -> str:
        """socket(AF_INET, SOCK_STREAM)"""
        return self._open(socket.SOCK_STREAM)

    def udp(self) -> str:
        """socket(AF_INET, SOCK_DGRAM)"""
        return self._open(socket.SOCK_DGRAM)

    def listen(self) -> str:
        """A listening socket at a port that the system chooses."""
        self._room()
        if (other := self._desk.listening()) is not None:
            raise Refused(f"{other.fileno()} listens already; one is enough here.")
        number = self._desk.keep(socket.create_server(("127.0.0.1", 0)))
        return f"{number} has an address now, and listens: {endpoint(self._desk.sockets[-1].getsockname())}."

    def connect(self) -> str:
        """A client's socket, connected to the one that listens."""
        self._room()
        if (server := self._desk.listening()) is None:
            raise Refused("Nobody listens: press Listen first.")
        try:
            number = self._desk.keep(socket.create_connection(server.getsockname(), timeout=1))
        except OSError as error:
            return in_words("connect()", error)
        return f"{number} is connected, though nobody accepted yet: see what {server.fileno()} has waiting."

    def accept(self) -> str:
        """The listening socket accepts a waiting connection."""
        self._room()
        if (server := self._desk.listening()) is None:
            raise Refused("Nobody listens: press Listen first.")
        server.setblocking(False)
        try:
            accepted, _ = server.accept()
        except BlockingIOError:
            raise Refused("No connection waits, and accept() would wait for one: press Connect first.") from None
        except OSError as error:
            return in_words("accept()", error)
        return (
            f"accept() returned a new socket, {self._desk.keep(accepted)}, at the same local port as {server.fileno()}."
        )

    def dup(self, number: int) -> str:
        """A second descriptor for the same socket."""
        self._room()
        if number is None:
            raise Refused("Type the descriptor's number.")
        second = self._desk.keep(self._desk.owned(number).dup())
        return f"dup({number}) returned {second}: two numbers, one socket. It lives until both are closed."

    def drop(self, number: int) -> str:
        """Close one descriptor."""
        if number is None:
            raise Refused("Type the descriptor's number.")
        self._desk.drop(number)
        return f"{number} is closed and free again: the next socket that you open may get it."

    def everything(self) -> str:
        """Show all the sockets of the process, or only the standard three descriptors and the widget's own."""
        self._whole = not self._whole
        if not self._whole:
            return "Only the standard three and what this widget opened."
        kinds = [row.kind for row in table()]
        others = len(kinds) - kinds.count("socket")
        return (
            f"All {count(kinds.count('socket'), 'socket')} of this process; {others} other descriptors are left out. "
            "Most of the sockets connect this notebook's Python with JupyterLab."
        )

    def close(self) -> None:
        """Close the widget and all its sockets."""
        self._desk.close()
        super().close()
