"""The wire: what crossed from one side to the other, worked out from the calls of both.

Owns the matching of a connect with its accept, of bytes sent with bytes read, of a close with the end of file it
caused. A stream is matched by its two endpoints and by counting bytes; datagrams by endpoints, order and content.
Must not know about order in the picture, captions or drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.exchange import Address, Call, Side
from autograder.ladder.captions import ABORTING, RECEIVING, SENDING
from autograder.words import quantity

Kind = Literal["connect", "data", "datagram", "end", "reset"]
Link = tuple[Address, Address]
"""One TCP connection: the student's endpoint, then the reference's."""

RESETS = frozenset({"ECONNRESET", "EPIPE", "ECONNABORTED", "ConnectionResetError", "BrokenPipeError"})
REFUSALS = frozenset({"ECONNREFUSED", "ConnectionRefusedError"})
MAPPED = "::ffff:"
"""How IPv6 writes an IPv4 address (RFC 4291 §2.5.5.2); both name the same endpoint."""


@dataclass(frozen=True)
class Crossing:
    """Something that crossed: from call number `tail` to call number `head`, None when no call noticed it.

    A `tail` equal to the number of calls is the end of the student's program. `note` says what became of a
    crossing without a head. `size` is in bytes; what has none (SYN, FIN, RST) says what it is in `sign`.
    """

    tail: int
    head: int | None
    kind: Kind
    sign: str = ""
    size: int = 0
    note: str = ""


def crossings(calls: Sequence[Call]) -> tuple[Crossing, ...]:
    """Everything that crossed between the two sides, in no particular order."""
    of_each: dict[Link, list[int]] = {}
    for index, link in _links(calls).items():
        of_each.setdefault(link, []).append(index)
    found: list[Crossing] = list(_connects(calls))
    for of_link in of_each.values():
        for side in ("student", "reference"):
            found += _stream(calls, of_link, "student" if side == "student" else "reference")
            found += _endings(calls, of_link, "student" if side == "student" else "reference")
    found += _datagrams(calls)
    return tuple(found)


def plain(address: Address) -> Address:
    """An endpoint in its one form, an IPv4 address that IPv6 maps being IPv4 again."""
    return address[0].removeprefix(MAPPED), address[1]


def _links(calls: Sequence[Call]) -> dict[int, Link]:
    """The connection each call belongs to, by the call's number; calls on no connection are left out."""
    of_socket: dict[tuple[Side, int, int], Link] = {}
    for call in calls:
        if call.type == "SOCK_STREAM" and call.local and call.remote and call.local[1]:
            ends = plain(call.local), plain(call.remote)
            number = call.made if call.name == "accept" else call.socket
            if number is not None:
                of_socket.setdefault((call.side, call.process, number), ends if call.side == "student" else ends[::-1])
    connects = [call for call in calls if call.name in ("connect", "connect_ex")]
    made = {(call.side, call.process, call.socket) for call in connects if not call.failed}
    refused = {
        of_socket.get((call.side, call.process, call.socket))
        for call in connects
        if call.failed and call.error != "EINPROGRESS" and (call.side, call.process, call.socket) not in made
    }
    # A forked child reports the sockets it inherited under its own process number: its calls carry their endpoints.
    return {
        index: link
        for index, call in enumerate(calls)
        if call.name not in ("accept", "socket", "bind", "listen")
        and (link := of_socket.get((call.side, call.process, call.socket))) is not None
        and link not in refused
    }


def _connects(calls: Sequence[Call]) -> Iterator[Crossing]:
    """Each connect with the accept on the other side that took it."""
    accepts = {
        (call.side, plain(call.remote)): index
        for index, call in enumerate(calls)
        if call.name == "accept" and call.remote and not call.failed and not call.blocked
    }
    for index, call in enumerate(calls):
        if call.name not in ("connect", "connect_ex") or call.type != "SOCK_STREAM":
            continue
        other: Side = "reference" if call.side == "student" else "student"
        head = accepts.get((other, plain(call.local))) if call.local else None
        if head is not None:
            yield Crossing(index, head, "connect", "SYN")
        elif call.error in REFUSALS:
            yield Crossing(index, None, "connect", "SYN", note="refused: nobody listens there")
        elif call.blocked:
            yield Crossing(index, None, "connect", "SYN", note="not answered")
        elif not call.failed or call.error == "EINPROGRESS":
            yield Crossing(index, None, "connect", "SYN", note="queued, never accepted")


def _stream(calls: Sequence[Call], of_link: list[int], side: Side) -> Iterator[Crossing]:
    """The bytes `side` sent on one connection, each send with every read that took some of its bytes."""
    sends = [i for i in of_link if calls[i].side == side and calls[i].name in SENDING and calls[i].size]
    reads = [
        i
        for i in of_link
        if calls[i].side != side and calls[i].name in RECEIVING and _finished(calls[i]) and calls[i].size
    ]
    reads = [i for i in reads if not _peeks(calls[i])]
    reads.sort(key=lambda i: calls[i].ended or 0.0)
    left = [calls[i].size for i in sends]
    at = 0
    for read in reads:
        wanted = calls[read].size
        while wanted and at < len(sends):
            taken = min(wanted, left[at])
            yield Crossing(sends[at], read, "data", size=taken)
            wanted, left[at] = wanted - taken, left[at] - taken
            at += not left[at]
    for send, unread in zip(sends[at:], left[at:], strict=True):
        if _finished(calls[send]):
            whole = unread == calls[send].size
            note = "never read" if whole else f"{quantity(unread)} never read"
            yield Crossing(send, None, "data", size=unread, note=note)


def _finished(call: Call) -> bool:
    return not call.blocked and not call.failed


def _peeks(call: Call) -> bool:
    return len(call.arguments) > 1 and str(call.arguments[1]) in ("2", "MSG_PEEK", "MsgFlag.MSG_PEEK")


def _endings(calls: Sequence[Call], of_link: list[int], side: Side) -> Iterator[Crossing]:
    """The ends `side` put to one connection: FIN with the read that returned b'', or RST with the call that met it."""
    own = [i for i in of_link if calls[i].side == side and not calls[i].failed]
    closes = [i for i in own if _ends_sending(calls[i])]
    noticed = [(i, kind) for i in of_link if calls[i].side != side and (kind := _notices(calls[i])) is not None]
    shut_itself = any(calls[i].side != side and _ends_sending(calls[i]) for i in of_link)
    used: set[int] = set()
    for kind, label in (("end", "FIN"), ("reset", "RST")):
        head = next((i for i, seen in noticed if seen == kind), None)
        if head is None or (calls[head].error == "EPIPE" and shut_itself):
            continue
        before = [i for i in closes if calls[i].started <= (calls[head].ended or 0.0)]
        tail = before[-1] if before else len(calls) if side == "student" else None
        if kind == "end" and before:
            tail = next((i for i in before if calls[i].name == "shutdown"), before[-1])
        if tail is not None:
            used.add(tail)
            yield Crossing(tail, head, "end" if kind == "end" else "reset", label)
    if not used and len(closes) == 1 and not _held_elsewhere(calls, of_link, side):
        peer_left = any(calls[i].side != side and calls[i].name == "close" and i < closes[0] for i in of_link)
        aborts = calls[closes[0]].result == ABORTING
        if not peer_left:
            yield Crossing(closes[0], None, "reset" if aborts else "end", "RST" if aborts else "FIN")


def _ends_sending(call: Call) -> bool:
    return call.name == "close" or (call.name == "shutdown" and "SHUT_RD" not in call.arguments)


def _notices(call: Call) -> Kind | None:
    if call.error in RESETS:
        return "reset"
    empty = call.name in RECEIVING and _finished(call) and not call.size and 0 not in call.arguments[:1]
    return "end" if empty else None


def _held_elsewhere(calls: Sequence[Call], of_link: list[int], side: Side) -> bool:
    """Whether something besides the socket that was closed may hold the connection: a file, a dup, a fork."""
    own = [calls[i] for i in of_link if calls[i].side == side]
    return any(call.name in ("makefile", "dup") for call in own) or len({call.process for call in own}) > 1


def _datagrams(calls: Sequence[Call]) -> Iterator[Crossing]:
    """Each datagram sent with the call that received it; a datagram is never split or joined."""
    reads: dict[tuple[Side, int], list[int]] = defaultdict(list)
    for index, call in enumerate(calls):
        if call.type == "SOCK_DGRAM" and call.name in RECEIVING and _finished(call) and call.remote:
            reads[call.side, call.remote[1]].append(index)
    for index, call in enumerate(calls):
        if call.type != "SOCK_DGRAM" or call.name not in SENDING or call.failed:
            continue
        other: Side = "reference" if call.side == "student" else "student"
        waiting = reads[other, call.local[1]] if call.local else []
        head = next((i for i in waiting if _same_datagram(call, calls[i])), None)
        if head is not None:
            waiting.remove(head)
        note = "" if head is not None else "nobody is there" if _refused_later(calls[index:]) else "never read"
        yield Crossing(index, head, "datagram", size=call.size, note=note)


def _refused_later(calls: Sequence[Call]) -> bool:
    """Whether the system told the socket of the first of these calls, afterwards, that nobody is at the other end."""
    first, *later = calls
    refused = (call for call in later if call.error == "ECONNREFUSED" and call.side == first.side)
    return any((call.process, call.socket) == (first.process, first.socket) for call in refused)


def _same_datagram(sent: Call, read: Call) -> bool:
    later = (read.ended or 0.0) >= sent.started
    return later and read.size <= sent.size and sent.data.startswith(read.data[: len(sent.data)])
