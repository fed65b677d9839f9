"""Captions: one recorded call as a student would write it, with what came of it.

Owns which calls are worth a row and how a call is spelled. Must not know about order, arrows or drawing.
"""

from __future__ import annotations

import errno
import textwrap
from dataclasses import replace

from autograder.exchange import Address, Call, Exchange
from autograder.words import literal, printable

SENDING = frozenset({"send", "sendall", "sendto", "sendmsg", "sendfile"})
RECEIVING = frozenset({"recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into"})
QUIET = frozenset({"getsockopt", "getsockname", "getpeername", "setblocking", "gettimeout", "fileno", "detach"})
"""Calls that change nothing on the network; they get a row only when they fail."""

POLLS = frozenset({"EAGAIN", "EWOULDBLOCK", "EINTR", "BlockingIOError", "InterruptedError"})
"""Errors that say only "not yet"."""

ABORTING, COLLECTED = "aborting", "garbage collected"
"""Results of a close: it sent RST; nobody held the socket any more."""

KILLED = "killed"
"""The error of a call in which the program waited when the check ended it, to start it again."""

LONGEST = 120
"""The most characters of one caption."""


def worth_a_row(call: Call) -> bool:
    """Whether a call says something about the network: no self-pipes, no polls, no questions to the own socket."""
    if call.family == "AF_UNIX":
        return False
    if call.error in POLLS and (call.side == "reference" or not call.blocking):
        return False
    if call.side == "reference" and call.error == "TimeoutError" and call.name in RECEIVING:
        return False  # the failed step says the same in words
    return call.failed or call.name not in QUIET


def settled(exchange: Exchange) -> list[Call]:
    """The calls as they are told.

    A connect of a non-blocking socket ended as its number or the later question for SO_ERROR says. What the reference
    does to connect without blocking, or to abort, is its own affair: its rows say `connect` and `close (aborting)`.
    What the system closes when the program ends is the program's end, not a call.
    """
    asked, aborted = {}, set()
    for call in exchange.calls:
        if call.name == "getsockopt" and "SO_ERROR" in call.arguments and isinstance(call.result, int):
            asked[_socket(call)] = call.result
        if call.side == "reference" and "SO_LINGER" in call.arguments:
            aborted.add(_socket(call))
    found = []
    for call in exchange.calls:
        if call.side == "reference" and call.name == "setsockopt":
            continue
        if call.name in ("connect", "connect_ex"):
            call = _connected(call, asked.get(_socket(call), 0))
        if call.name == "close":
            result = ABORTING if _socket(call) in aborted else call.result
            call = replace(call, ended=call.started if call.blocked else call.ended, result=result)
        found.append(call)
    return found if exchange.program.running else _without_last_closes(found)


def _socket(call: Call) -> tuple[str, int, int]:
    return call.side, call.process, call.socket


def _connected(call: Call, later: int) -> Call:
    name = "connect" if call.side == "reference" else call.name
    at_once = call.result if call.name == "connect_ex" and isinstance(call.result, int) else 0
    number = later or (0 if at_once in _UNDER_WAY else at_once)
    if number and call.error in ("", "EINPROGRESS"):
        return replace(call, name=name, error=errno.errorcode.get(number, str(number)))
    return replace(call, name=name)


_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)


def _without_last_closes(calls: list[Call]) -> list[Call]:
    last = max((i for i, c in enumerate(calls) if c.side == "student" and c.result != COLLECTED), default=-1)
    return [call for i, call in enumerate(calls) if i <= last or call.result != COLLECTED]


def caption(call: Call, times: int = 1) -> str:
    """`recv(4096) → b'hello'`: the call, its arguments and its result, error or waiting, in printable characters."""
    repeated = f" × {times:,}" if times > 1 else ""
    text = printable(f"{call.name}({_arguments(call)}){_result(call)}{repeated}")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _arguments(call: Call) -> str:
    if call.name == "socket":
        return f"{call.family}, {call.type}"
    if call.name in ("bind", "connect", "connect_ex"):
        return _endpoint(call.arguments, call.local if call.name == "bind" else call.remote)
    if call.name == "close":
        return str(call.descriptor) if call.descriptor >= 0 and call.side == "student" else ""
    if call.name in SENDING and (call.size or call.offered or not call.failed):
        payload = [literal(call.data, max(call.size, call.offered))]
        return ", ".join(payload + ([_endpoint(call.arguments, call.remote)] if call.name == "sendto" else []))
    return ", ".join(str(argument) for argument in call.arguments)


def _endpoint(arguments: tuple[str | int, ...], known: Address | None) -> str:
    """An address as Python writes it: as the program gave it, even in two arguments, else as the system knew it."""
    if len(arguments) == 2 and str(arguments[0])[:1] in ("'", '"'):
        return f"{arguments[0]}, {arguments[1]}"
    if len(arguments) >= 2 and isinstance(arguments[0], str):
        return f"({arguments[0]!r}, {arguments[1]!r})"
    if arguments:
        return str(arguments[-1])
    return repr(known) if known else ""


def _result(call: Call) -> str:
    if call.blocked:
        return " … still waiting here"
    if call.error == KILLED:
        return " … until the check ended it"
    if call.failed:
        return f" → {call.error}"
    if call.name in SENDING and call.size < call.offered:
        return f" → {call.size:,}"
    if call.name in RECEIVING:
        return f" → {literal(call.data, call.size)}"
    if call.name in ("accept", "dup") and call.result is not None and call.side == "student":
        return f" → {call.result}"
    if call.name == "close" and call.result:
        return f" ({call.result})"
    return ""


def broken(text: str, width: int) -> list[str]:
    """A caption in lines of at most `width` characters, broken before its result where that is enough."""
    if len(text) <= width:
        return [text]
    for sign in (": ", " → ", " … ", ", ("):
        head, found, rest = text.partition(sign)
        mark = sign.strip(" (")
        start, rest = (head, f"  {mark} {rest}") if sign[0] == " " else (head + mark, f" {sign[2:]}{rest}")
        if found and len(start) <= width and len(rest) <= width:
            return [start, rest]
    return textwrap.wrap(text, width, subsequent_indent="  ") or [""]
