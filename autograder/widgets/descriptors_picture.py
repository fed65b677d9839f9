"""The picture of a descriptor table: numbers at the left, what they name at the right.

Owns what is drawn and said of its rows; all of it is pure. Must not know about processes, kernels or widgets.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from autograder.exchange import Address
from autograder.widgets.canvas import PAGE, arrow, box, count, endpoint, label
from autograder.widgets.canvas import picture as framed
from autograder.widgets.four_tuples import port_numbers
from autograder.widgets.still import Picture

FIRST = 3
"""The number that steady rows begin with: the lowest that is free in a process that has opened nothing."""


@dataclass(frozen=True)
class Row:
    """One descriptor and the entry it names. Two descriptors with the same `entry` name one and the same thing.

    `kind` is "socket", "pipe", "file", "device", "folder" or "kernel object"; the rest is for sockets. `state` is ""
    where the transport has none. `unread` is in bytes, for a listening socket in connections; None where unknown.
    """

    descriptor: int
    kind: str
    entry: int
    family: str = ""
    type: str = ""
    local: Address | None = None
    remote: Address | None = None
    state: str = ""
    unread: int | None = None


def steady(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The same rows numbered anew, so that a printed page stays the same: descriptors from 3, ports from 50001.

    The port of the first socket that listens becomes 5000.
    """
    given = next((row.local[1] for row in rows if row.state == "LISTEN" and row.local), None)
    ports = port_numbers((address for row in rows for address in (row.local, row.remote)), given)
    entries = {entry: number for number, entry in enumerate(dict.fromkeys(row.entry for row in rows))}

    def named(address: Address | None) -> Address | None:
        return address and (address[0], ports[address[1]])

    return tuple(
        replace(row, descriptor=number, entry=entries[row.entry], local=named(row.local), remote=named(row.remote))
        for number, row in enumerate(rows, FIRST)
    )


def text(rows: Sequence[Row]) -> str:
    """The table in words, one descriptor a line."""
    lines = [_columns("descriptor", "family", "type", "local", "remote", "state", "unread")]
    seen: dict[int, int] = {}
    for row in rows:
        if row.entry in seen:
            lines.append(f"{row.descriptor:>10}  the same {row.kind} as {seen[row.entry]}")
        elif row.kind != "socket":
            lines.append(f"{row.descriptor:>10}  {row.kind}")
        else:
            names = (row.family, row.type, endpoint(row.local), endpoint(row.remote), row.state or "–", _unread(row))
            lines.append(_columns(str(row.descriptor), *names))
        seen.setdefault(row.entry, row.descriptor)
    return "\n".join(lines)


def _columns(*words: str) -> str:
    widths = (10, 8, 11, 15, 15, 11, 6)
    cells = [words[0].rjust(widths[0]), *(word.ljust(width) for word, width in zip(words[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


def _unread(row: Row) -> str:
    if row.unread is None:
        return "–"
    return f"{row.unread} to accept" if row.state == "LISTEN" else str(row.unread)


def picture(rows: Sequence[Row], mine: Collection[int] = ()) -> Picture:
    """Draw the table. `mine` are the descriptors that stand out, and are said to be the widget's own."""
    entries: dict[int, list[Row]] = {}
    for row in rows:
        entries.setdefault(row.entry, []).append(row)
    parts = [
        label(24, 32, "descriptor", "name"),
        label(190, 32, "the entry it names, kept by the operating system", "name"),
        "" if not mine else label(PAGE - 24, 32, "bold and tinted: opened here", "soft end"),
    ]
    y = 46.0
    for named in entries.values():
        drawn, y = _entry(named, y, mine)
        parts.append(drawn)
    title = f"A descriptor table: {count(len(rows), 'descriptor')}"
    return framed(title, "".join(parts), y + 8, text(rows))


def _entry(named: Sequence[Row], y: float, mine: Collection[int]) -> tuple[str, float]:
    """One entry with every descriptor that names it, and where the next may begin."""
    row = named[0]
    tall = 44.0 if row.kind == "socket" else 28.0
    height = max(tall, 32.0 * len(named) - 4)
    kind = "tint" if row.descriptor in mine else "box"
    parts = [box(190, y, PAGE - 214, height, kind)]
    for place, one in enumerate(named):
        middle = y + (height / 2 if len(named) == 1 else 14 + 32 * place)
        parts.append(box(24, middle - 14, 84, 28, kind))
        parts.append(
            label(66, middle + 5, str(one.descriptor), "mono mid" + (" name" if row.descriptor in mine else ""))
        )
        parts.append(arrow(112, middle, 186, y + height / 2))
    parts.append(_socket(row, y + height / 2) if row.kind == "socket" else label(204, y + height / 2 + 5, row.kind))
    return "".join(parts), y + height + 8


def _socket(row: Row, middle: float) -> str:
    above, below = middle - 4, middle + 14
    unread = "" if row.unread is None else _unread(row) + ("" if row.state == "LISTEN" else " bytes unread")
    return "".join(
        [
            label(204, above, row.family, "mono"),
            label(204, below, row.type, "mono"),
            label(330, above, f"local  {endpoint(row.local)}", "mono"),
            label(330, below, f"remote {endpoint(row.remote)}", "mono"),
            label(580, above, row.state or "no states", "mono" if row.state else "soft"),
            label(580, below, unread, "soft"),
        ]
    )
