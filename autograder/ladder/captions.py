"""Captions: one recorded call as a student would write it, with what came of it.

Owns which calls are worth a row and how a call is spelled. Must not know about order, arrows or drawing.
"""

from __future__ import annotations

import textwrap

from autograder.exchange import Address, Call
from autograder.words import literal, printable

SENDING = frozenset({"send", "sendall", "sendto", "sendmsg", "sendfile"})
RECEIVING = frozenset({"recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into"})
QUIET = frozenset({"getsockopt", "getsockname", "getpeername", "setblocking", "gettimeout", "fileno", "detach"})
"""Calls that change nothing on the network; they get a row only when they fail."""

POLLS = frozenset({"EAGAIN", "EWOULDBLOCK", "EINTR", "BlockingIOError", "InterruptedError"})
"""Errors that say only "not yet"."""

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
        return str(call.descriptor) if call.descriptor >= 0 else ""
    if call.name in SENDING and (call.size or not call.failed):
        payload = [literal(call.data, call.size)]
        return ", ".join(payload + ([_endpoint(call.arguments, call.remote)] if call.name == "sendto" else []))
    return ", ".join(str(argument) for argument in call.arguments)


def _endpoint(arguments: tuple[str | int, ...], known: Address | None) -> str:
    """An address as Python writes it: as the program gave it, else as the system knew it."""
    if len(arguments) >= 2 and isinstance(arguments[0], str):
        return f"({arguments[0]!r}, {arguments[1]!r})"
    if arguments:
        return str(arguments[-1])
    return repr(known) if known else ""


def _result(call: Call) -> str:
    if call.blocked:
        return " … still waiting here"
    if call.failed:
        return f" → {call.error}"
    if call.name in RECEIVING:
        return f" → {literal(call.data, call.size)}"
    if call.name in ("accept", "dup") and call.result is not None:
        return f" → {call.result}"
    if call.name == "close" and call.result:
        return f" ({call.result})"
    return ""


def broken(text: str, width: int) -> list[str]:
    """A caption in lines of at most `width` characters, broken before its result where that is enough."""
    if len(text) <= width:
        return [text]
    for sign in (": ", " → ", " … "):
        head, found, rest = text.partition(sign)
        start, rest = (head + ":", f" {rest}") if sign == ": " else (head, f"  {sign.strip()} {rest}")
        if found and len(start) <= width and len(rest) <= width:
            return [start, rest]
    return textwrap.wrap(text, width, subsequent_indent="  ") or [""]
