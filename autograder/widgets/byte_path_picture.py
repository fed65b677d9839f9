"""The picture of one direction of a TCP connection: program, send buffer, wire, receive buffer, program.

Owns what is drawn and said of a `Path`; all of it is pure. Must not know about sockets, kernels or widgets.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.widgets.canvas import PAGE, arrow, box, count, label, letters
from autograder.widgets.canvas import picture as framed
from autograder.widgets.still import Picture

_CELLS, _CELL = 11, 26  # bytes drawn one by one, and the width of each
_LEFT, _RIGHT, _WIDE = 24, 510, 306  # the two programs' columns


@dataclass(frozen=True)
class Path:
    """Where the bytes are that one program sent to another.

    `sent` is every byte that the sending program handed over, `read` how many of them the receiving program has taken.
    `received` counts the bytes in the receive buffer and `unsent` those in the send buffer, as the system tells.
    `near` and `far` are the states of the two sockets. `room` is the size of the two buffers, if it is to be drawn.
    `full` says that the send buffer takes no more. `exact` is whether the counts are the kernel's own.
    """

    sent: bytes
    read: int
    received: int
    unsent: int
    near: str = "ESTABLISHED"
    far: str = "ESTABLISHED"
    room: tuple[int, int] | None = None
    full: bool = False
    exact: bool = True

    @property
    def taken(self) -> bytes:
        """The bytes that the receiving program has read."""
        return self.sent[: self.read]

    @property
    def waiting(self) -> bytes:
        """The bytes in the receive buffer; the first of them is read next."""
        return self.sent[self.read : self.read + self.received]

    @property
    def kept(self) -> bytes:
        """The bytes in the send buffer: not yet acknowledged by the other side."""
        return self.sent[len(self.sent) - self.unsent :]


def picture(path: Path) -> Picture:
    """Draw where the bytes are."""
    parts = [
        _program(_LEFT, "sending program", "sent", path.sent),
        _program(_RIGHT, "receiving program", "read", path.taken),
        _interface(),
        _buffer(_LEFT, "send buffer", path.kept, path.room and path.room[0], path.near),
        _buffer(_RIGHT, "receive buffer", path.waiting, path.room and path.room[1], path.far),
        label(_LEFT, 318, "transport layer (TCP), in the operating system", "soft"),
        label(PAGE - 24, 318, _note(path), "soft end"),
        _wire(path),
    ]
    return framed("Where the bytes are", "".join(parts), 336, text(path))


def text(path: Path) -> str:
    """The same in words, one place a line, in the order in which a byte passes them."""
    rows = [
        ("sending program", "sent", path.sent),
        ("  send buffer", "keeps", path.kept),
        ("  receive buffer", "keeps", path.waiting),
        ("receiving program", "read", path.taken),
    ]
    lines = [f"{name:<18} {verb:<5} {_amount(data)}" for name, verb, data in rows]
    return "\n".join([*lines, *([_note(path)] if _note(path) else [])])


def _amount(data: bytes) -> str:
    return count(len(data)) + (f": {shortened(data, 24)}" if data else "")


def shortened(data: bytes, most: int) -> str:
    """Bytes as letters, the middle left out where there are too many."""
    if len(data) <= most:
        return letters(data)
    half = (most - 1) // 2
    return letters(data[:half]) + "…" + letters(data[-half:])


def _note(path: Path) -> str:
    lost = len(path.sent) - path.read - path.received - path.unsent
    if lost > 0 and not path.near:
        return f"{count(lost)} will never be read: the receiver is gone"
    if path.full:
        return "the send buffer is full: the next send waits"
    if not path.exact:
        return "received: counted by peeking; in the send buffer: what is left"
    if path.unsent and path.received:
        return "the receive buffer takes no more for now"
    return ""


def _program(x: float, name: str, verb: str, data: bytes) -> str:
    return (
        box(x, 44, _WIDE, 66)
        + label(x + 14, 68, name, "name")
        + label(x + _WIDE - 14, 68, f"{verb} {count(len(data))}", "end")
        + label(x + 14, 94, shortened(data, 34) if data else "nothing yet", "mono" if data else "soft")
    )


def _interface() -> str:
    """The border that every byte crosses twice, and the calls that carry it over."""
    calls = [(_LEFT + 150, "send()", 110, 172), (_RIGHT + 150, "recv()", 172, 110)]
    drawn = [
        label(_LEFT, 30, "application layer", "soft"),
        f'<path class="rule" d="M20 142H{PAGE - 20}"/>',
        label(PAGE / 2, 137, "socket interface", "name mid"),
    ]
    for x, name, start, end in calls:
        down = 1 if end > start else -1
        drawn.append(f'<path class="flow" d="M{x:g} {start + 4 * down}V{end - 12 * down}"/>')
        drawn.append(f'<path class="tip" d="M{x:g} {end - 4 * down}l-5 {-10 * down}h10z"/>')
        drawn.append(label(x + 10, 137, name, "mono"))
    return "".join(drawn)


def _buffer(x: float, name: str, data: bytes, room: int | None, state: str) -> str:
    parts = [
        box(x, 172, _WIDE, 124),
        label(x + 14, 196, name, "name"),
        label(x + _WIDE - 14, 196, count(len(data)), "end"),
        label(x + 14, 286, state or "no socket any more", "soft mono"),
    ]
    if room is not None:
        share = min(1.0, len(data) / room)
        parts.append(box(x + 10, 250, _WIDE - 20, 12, "box", 2) + box(x + 10, 250, (_WIDE - 20) * share, 12, "bar", 2))
        parts.append(label(x + _WIDE - 14, 286, f"room for about {room:,}", "soft end"))
    return "".join(parts) + _cells(x + 10, data)


def _cells(x: float, data: bytes) -> str:
    """The bytes one by one, next to be read first; a gap stands for those in the middle."""
    if not data:
        return label(x + 4, 230, "empty", "soft")
    shown: list[int | None] = list(data)
    if len(data) > _CELLS:
        shown = [*data[:5], None, *data[-5:]]
    drawn = []
    for place, byte in enumerate(shown):
        left = x + place * _CELL
        if byte is None:
            drawn.append(label(left + _CELL / 2, 230, "…", "name mid"))
        else:
            drawn.append(box(left, 210, _CELL, 28, "tint", 0))
            drawn.append(label(left + _CELL / 2, 230, letters(bytes([byte])), "mono mid"))
    return "".join(drawn)


def _wire(path: Path) -> str:
    left, right, y = _LEFT + _WIDE, float(_RIGHT), 226
    halted = bool(path.unsent and path.received)
    middle = (left + right) / 2
    words = label(middle, y - 20, "the wire", "soft mid")
    if halted:
        stop = f'<path class="flow" d="M{left + 14} {y}H{middle - 8:g}M{middle - 8:g} {y - 10}v20"/>'
        return words + stop + label(middle, y + 30, "must wait", "bad mid")
    return words + arrow(left + 14, y, right - 8, y)
