"""Follow a byte: through the send buffer, over the wire, into the receive buffer, and to the program.

Owns the measuring of a connection's two buffers, a small loopback pair, and the widget that plays with it. The pair's
two sockets are the widget's own: they are opened by it, and closed with it. The drawing is `byte_path_picture`'s.
Must not know about exchanges or lectures.
"""

from __future__ import annotations

import select
import socket
import time
import weakref

from autograder import kernel
from autograder.exchange import Address
from autograder.widgets.byte_path_picture import Path, picture
from autograder.widgets.canvas import count
from autograder.widgets.panel import Action, Panel, in_words
from autograder.widgets.still import Picture

__all__ = ["Explorer", "Pair", "Path", "Picture", "explorer", "measure", "picture", "unread"]

SETTLE_SECONDS = 2.0
"""Until the two counts must agree; the kernel may delay an acknowledgement by 40 to 200 ms (RFC 9293 §3.8.6.3)."""

SAMPLE_SECONDS = 0.002
"""Between two looks at the kernel's table, which can't be waited on."""

BUFFER = 8192
"""Bytes asked for each of the pair's buffers, so that a few presses fill them; Linux doubles it."""

MOST = 50_000
"""Bytes that one press may send or read."""

FIN_WAITS = ("FIN_WAIT1", "CLOSING", "LAST_ACK")
"""States in which a FIN waits for its acknowledgement; the kernel counts it as a byte, though no program reads it."""

ALPHABET = b"abcdefghijklmnopqrstuvwxyz"
"""What the pair sends, over and over."""

UNSEEN = "this system does not show the buffers of a socket that nobody has accepted; on Linux it is 5"


def unread(sender: socket.socket) -> int | str:
    """How many bytes wait at the other end of this connection for a program to read them; words where unknown."""
    ends = sender.getsockname()[:2], sender.getpeername()[:2]
    deadline = time.monotonic() + SETTLE_SECONDS
    while kernel.READABLE:
        near, far = _look(ends)
        if far is not None and (near is None or not near.unsent or time.monotonic() > deadline):
            return far.received
        if time.monotonic() > deadline:
            return "the other end of this connection is not on this computer"
        select.select([], [], [sender], SAMPLE_SECONDS)
    return UNSEEN


def measure(sender: socket.socket, receiver: socket.socket, sent: bytes, read: int = 0) -> Path:
    """Where these bytes are now. `sent` is all that was sent on this connection, `read` how many of them were read."""
    return _measure((sender.getsockname()[:2], sender.getpeername()[:2]), receiver, sent, read)


def _measure(ends: tuple[Address, Address], receiver: socket.socket, sent: bytes, read: int) -> Path:
    under_way = len(sent) - read
    if not kernel.READABLE:
        received = _peeked(receiver)
        return Path(sent, read, received, under_way - received, exact=False)
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        near, far = _look(ends)
        received = min(far.received, under_way) if far else 0
        unsent = near.unsent - (near.state in FIN_WAITS) if near else 0
        if received + unsent == under_way or far is None or time.monotonic() > deadline:
            states = near.state if near else "", far.state if far else ""
            return Path(sent, read, received, unsent, *states)
        _acknowledge(receiver)
        select.select([], [], [receiver] if receiver.fileno() >= 0 else [], SAMPLE_SECONDS)


def _look(ends: tuple[Address, Address]) -> tuple[kernel.KernelSocket | None, kernel.KernelSocket | None]:
    """The kernel's rows of the sender and of the receiver, from one reading of its table."""
    known = {(row.local, row.remote): row for row in kernel.sockets()}
    return known.get(ends), known.get((ends[1], ends[0]))


def _acknowledge(receiver: socket.socket) -> None:
    """Have the receiving side acknowledge at once what it has (tcp(7), TCP_QUICKACK), where that can be asked for."""
    if hasattr(socket, "TCP_QUICKACK") and receiver.fileno() >= 0:
        receiver.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _peeked(receiver: socket.socket) -> int:
    """How many bytes recv would find, without taking them."""
    if receiver.fileno() < 0 or not select.select([receiver], [], [], 0)[0]:
        return 0
    try:
        return len(receiver.recv(4_000_000, socket.MSG_PEEK))
    except OSError:
        return 0


class Pair:
    """Two connected sockets on loopback with small buffers; one sends, the other receives, neither ever waits."""

    def __init__(self) -> None:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)
            self._sender = socket.socket()
            self._sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            self._sender.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sender.connect(listener.getsockname())
            self._receiver = listener.accept()[0]
        self._close = weakref.finalize(self, _close, self._sender, self._receiver)
        for sock in (self._sender, self._receiver):
            sock.setblocking(False)
        self._ends: tuple[Address, Address] = self._sender.getsockname(), self._sender.getpeername()
        self._room = (
            self._sender.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
            self._receiver.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
        )
        self._sent, self._read = bytearray(), 0

    def send(self, size: int) -> int:
        """Send the next letters of the alphabet; how many the send buffer took. Raises OSError as send() does."""
        data = bytes(ALPHABET[place % 26] for place in range(len(self._sent), len(self._sent) + size))
        try:
            taken = self._sender.send(data)
        except BlockingIOError:
            taken = 0
        self._sent += data[:taken]
        return taken

    def read(self, most: int) -> bytes | None:
        """What one recv(most) returns; None where it would wait. Raises OSError as recv() does."""
        try:
            data = self._receiver.recv(most)
        except BlockingIOError:
            return None
        self._read += len(data)
        return data

    def close_sender(self) -> None:
        """Close the sending socket; what is in its buffer still goes."""
        self._sender.close()

    def close_receiver(self) -> None:
        """Close the receiving socket."""
        self._receiver.close()

    def path(self) -> Path:
        """Where all the bytes are now."""
        path = _measure(self._ends, self._receiver, bytes(self._sent), self._read)
        full = self._sender.fileno() >= 0 and path.unsent > 0 and not select.select([], [self._sender], [], 0)[1]
        return Path(**(vars(path) | {"room": self._room, "full": full}))

    def close(self) -> None:
        """Close both sockets."""
        self._close()


def _close(*sockets: socket.socket) -> None:
    for sock in sockets:
        sock.close()


def explorer() -> Explorer:
    """The live form of `picture`: send and read on a real connection, and see where the bytes are."""
    return Explorer()


class Explorer(Panel):
    """The widget: one real connection, whose bytes are moved by pressing buttons."""

    actions = (
        Action("send", "Send", 5, "bytes"),
        Action("read", "Read up to", 3, "bytes"),
        Action("close_sender", "Close the sender"),
        Action("close_receiver", "Close the receiver"),
        Action("again", "Start again"),
    )
    name = "Follow a byte"
    hint = "run this cell in JupyterLab, then press Send, and follow the bytes."

    def __init__(self) -> None:
        self._pair = Pair()
        super().__init__()
        self.show(picture(self._pair.path()), "A connection, and nothing sent on it yet.")

    def press(self, name: str, number: int | None = None) -> None:
        """Do what a button says; `number` is what stands beside it."""
        self.obey(name, number, lambda: picture(self._pair.path()))

    def send(self, number: int) -> str:
        """The sending program calls send()."""
        self.between(number, MOST)
        try:
            taken = self._pair.send(number)
        except OSError as error:
            return in_words("send()", error)
        if taken == number:
            return f"send() took all {count(number)}, and the program goes on at once."
        if taken:
            return f"send() took only {taken:,} of {count(number)}: the send buffer is full now."
        return "send() took nothing: both buffers are full. A blocking send would wait here until somebody reads."

    def read(self, number: int) -> str:
        """The receiving program calls recv()."""
        self.between(number, MOST)
        try:
            data = self._pair.read(number)
        except OSError as error:
            return in_words("recv()", error)
        if data is None:
            return "recv() finds nothing. A blocking recv would wait here."
        if not data:
            return "recv() returned b'': the sender has closed, and everything it sent has been read."
        less = f"; it asked for {number:,}, and no more was there" if len(data) < number else ""
        return f"recv() returned {count(len(data))}{less}."

    def close_sender(self) -> str:
        """The sending program closes its socket."""
        self._pair.close_sender()
        return "The sender closed its socket. What is in the buffers still arrives; try to read it."

    def close_receiver(self) -> str:
        """The receiving program closes its socket."""
        left = self._pair.path().received
        self._pair.close_receiver()
        lost = f" {count(left)} nobody had read: lost, and the sender is told by a reset." if left else ""
        return "The receiver closed its socket." + lost

    def again(self) -> str:
        """A new connection in the place of the old one."""
        self._pair.close()
        self._pair = Pair()
        return "A new connection, and nothing sent on it yet."

    def close(self) -> None:
        """Close the widget and its two sockets."""
        self._pair.close()
        super().close()
