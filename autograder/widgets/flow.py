"""The standard call flow, TCP and UDP: which calls each program has, and on which socket each would be made now.

Owns the two programs as lists of calls, the names their sockets go by, and the words for what came of a call. All of it
is a function of the calls made so far. Must not start, press or draw anything.

Sources: POSIX's pages of the calls; WinSock's WSAStartup() and WSACleanup().
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.exchange import Address, Call
from autograder.words import literal

Party = Literal["server", "client"]
Transport = Literal["tcp", "udp"]
PARTIES: tuple[Party, Party] = ("server", "client")

BY_PYTHON = ("WSAStartup", "WSACleanup")
"""The calls that Python makes itself, and only on Windows."""

FLOWS: dict[tuple[Transport, Party], tuple[str, ...]] = {
    ("tcp", "server"): ("socket", "bind", "listen", "accept", "recv", "send", "close"),
    ("tcp", "client"): ("socket", "connect", "send", "recv", "close"),
    ("udp", "server"): ("socket", "bind", "recvfrom", "sendto", "close"),
    ("udp", "client"): ("socket", "sendto", "recvfrom", "connect", "send", "recv", "close"),
}
"""The calls of each program, in the order of the standard flow."""

SAYS: dict[Party, str] = {"server": "pong", "client": "ping"}
"""What each program sends, with the number of the time: what arrives tells which send it came from."""

BACKLOG, BUFFER = 5, 1024
"""The arguments of listen (connections) and recv (bytes)."""

WHY = {
    ("accept", "EINVAL"): "this socket does not listen",
    ("bind", "EADDRINUSE"): "another socket has this address",
    ("bind", "EINVAL"): "this socket has an address already",
    ("connect", "ECONNREFUSED"): "nobody listens at this address",
    ("connect", "EISCONN"): "this socket is in use already; a connection is never made twice",
    ("listen", "EADDRINUSE"): "another socket listens at this address",
    ("listen", "EINVAL"): "this socket is connected already",
    ("recv", "ECONNREFUSED"): "the datagram sent before found nobody, and the news is told now",
    ("recv", "ECONNRESET"): "the peer is gone, and threw away what it had not read",
    ("recv", "EINVAL"): "this socket has no address",
    ("recv", "ENOTCONN"): "this socket has no peer: it is not a connection",
    ("recvfrom", "ECONNREFUSED"): "the datagram sent before found nobody, and the news is told now",
    ("send", "ECONNREFUSED"): "the datagram sent before found nobody, and the news is told now",
    ("send", "ECONNRESET"): "the peer is gone, and threw away what it had not read",
    ("send", "EDESTADDRREQ"): "send names no address, and connect has not named one either",
    ("send", "ENOTCONN"): "this socket has no peer: it is not a connection",
    ("send", "EPIPE"): "there is no connection to send on",
    ("sendto", "ECONNREFUSED"): "the datagram sent before found nobody, and the news is told now",
}
"""What an error of a call means, where the call makes the difference."""


@dataclass(frozen=True)
class Held:
    """A socket that a program made: the variable it is in, its number, its descriptor, and whether it is still open."""

    variable: str
    number: int
    descriptor: int
    open: bool = True


@dataclass(frozen=True)
class Offer:
    """One call that a program could make now, as Python code, and the order for it.

    `refusal` says why it can't be made, "" if it can. `by_python` is true for a call that Python makes by itself.
    """

    party: Party
    name: str
    code: str
    number: int = 0
    arguments: tuple[object, ...] = ()
    refusal: str = ""
    by_python: bool = False


def next_name(calls: Sequence[Call], party: Party, transport: Transport) -> str:
    """The call that the standard flow has next: the first that this program has not made; "" when all is closed."""
    made = {call.name for call in calls if not call.failed}
    if "close" in made:
        return "close" if any(one.open for one in held(calls, party, transport)) else ""
    return next((name for name in FLOWS[transport, party] if name not in made), "")


def held(calls: Iterable[Call], party: Party, transport: Transport) -> tuple[Held, ...]:
    """The sockets of one program in the order it made them; `calls` are its own."""
    found: list[Held] = []
    for call in calls:
        if call.failed or call.blocked:
            continue
        if call.name == "socket":
            name = "listener" if (transport, party) == ("tcp", "server") else "sock"
            found.append(Held(_fresh(name, found), len(found) + 1, call.descriptor))
        elif call.name == "accept":
            found.append(Held(_fresh("conn", found), len(found) + 1, int(call.result or 0)))
        elif call.name == "close":
            closed = found[call.socket - 1]
            found[call.socket - 1] = Held(closed.variable, closed.number, closed.descriptor, open=False)
    return tuple(found)


def _fresh(name: str, found: Sequence[Held]) -> str:
    times = sum(one.variable.rstrip("0123456789") == name for one in found)
    return name if not times else f"{name}{times + 1}"


def offers(calls: Sequence[Call], party: Party, transport: Transport, server: Address) -> tuple[Offer, ...]:
    """Every call of one program's flow as it could be made now; `calls` are its own, `server` the server's address."""
    sockets = held(calls, party, transport)
    peer = next((call.remote for call in reversed(calls) if call.name == "recvfrom" and call.remote), None)
    to = peer if party == "server" else server
    sent = sum(call.name in ("send", "sendto") and not call.failed for call in calls)
    words = f"{SAYS[party]}{sent + 1}".encode()
    made = [_offer(name, party, transport, sockets, server, to, words) for name in FLOWS[transport, party]]
    waiting = next((call.name for call in calls if call.blocked), "")
    if waiting:
        other = "client" if party == "server" else "server"
        refusal = f"The {party} waits in {waiting}. Press a button of the {other}: only it can end the waiting."
        made = [replace(offer, refusal=refusal) for offer in made]
    start, end = (Offer(party, name, f"{name}()", by_python=True) for name in BY_PYTHON)
    return (start, *made, end)


def _offer(
    name: str,
    party: Party,
    transport: Transport,
    sockets: Sequence[Held],
    server: Address,
    to: Address | None,
    words: bytes,
) -> Offer:
    first = "listener" if (transport, party) == ("tcp", "server") else "sock"
    if name == "socket":
        kind = "SOCK_STREAM" if transport == "tcp" else "SOCK_DGRAM"
        return Offer(party, name, f"{_fresh(first, sockets)} = socket(AF_INET, {kind})")
    arguments: dict[str, tuple[object, ...]] = {
        "bind": (server,),
        "connect": (server,),
        "listen": (BACKLOG,),
        "recv": (BUFFER,),
        "recvfrom": (BUFFER,),
        "send": (words,),
        "sendto": (words, to),
    }
    target = _target(name, sockets)
    shown = ", ".join(map(_python, arguments.get(name, ())))
    code = f"{target.variable if target else first}.{name}({shown})"
    if name == "accept":
        code = f"{_fresh('conn', sockets)}, peer = {code}"
    if name == "recvfrom":
        code = f"data, peer = {code}"
    number = target.number if target else 0
    return Offer(party, name, code, number, arguments.get(name, ()), _refusal(name, sockets, target, to))


def _python(argument: object) -> str:
    """An argument as a program would write it."""
    if isinstance(argument, tuple):
        return f'("{argument[0]}", {argument[1]})'
    return f'b"{argument.decode()}"' if isinstance(argument, bytes) else "peer" if argument is None else str(argument)


def _target(name: str, sockets: Sequence[Held]) -> Held | None:
    """The socket that a call would be made on: of several, the newest that it makes sense for."""
    if name == "close":
        fit = [one for one in sockets if one.open]
    elif name in ("bind", "listen", "accept", "connect"):
        fit = [one for one in sockets if not one.variable.startswith("conn")]
    else:
        fit = [one for one in sockets if one.open and one.variable.startswith("conn")] or list(sockets)
    return fit[-1] if fit else None


def _refusal(name: str, sockets: Sequence[Held], target: Held | None, to: Address | None) -> str:
    if not sockets:
        return "There is no socket yet: make one first."
    if target is None:
        return "Every socket is closed already."
    if name == "sendto" and to is None:
        return "No datagram has come yet, so there is no peer to answer."
    return ""


def outcome(call: Call) -> str:
    """What came of a call, in a few words."""
    if call.blocked:
        return "waits …"
    if call.failed:
        why = WHY.get((call.name, call.error.removeprefix("WSA")), "")
        if call.error == "EBADF":
            why = "this socket is closed"
        return f"{call.error}: {why or call.message.partition('] ')[2] or call.message}"
    if call.name in ("recv", "recvfrom"):
        end = " (end of file: the peer has closed)" if not call.size and call.type == "SOCK_STREAM" else ""
        return literal(call.data, call.size) + end
    if call.name == "send" or call.name == "sendto":
        return f"{call.size} bytes are on their way"
    if call.name == "accept":
        return f"a new socket, descriptor {call.result}"
    return "done"
