"""Expectations: what a step claims, and the plain sentence that says what happened instead.

Owns the comparing and the wording. Must not wait, read or write: everything here is a function of what was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.exchange import Address, Call, Exchange, Outcome

SHOWN = 24
"""Bytes of a message that a step's text shows; the byte view shows more."""

MEANT = {
    Outcome.EOF: "the program closed its side (end of file)",
    Outcome.RESET: "the connection was reset (ECONNRESET)",
    Outcome.REFUSED: "the connection was refused (ECONNREFUSED): nobody listens there",
    Outcome.SILENCE: "nothing came: the program waits and will send nothing more by itself",
    Outcome.TIMEOUT: "nothing came, though the program was given 10 seconds; it neither ended nor asked for anything",
    Outcome.CRASH: "the program crashed",
    Outcome.EXIT: "the program had ended by itself",
    Outcome.SPINNING: "the program spins: it works without end and gets nowhere",
}


def show(data: bytes) -> str:
    """Bytes in a few words: their number, and the beginning as a Python literal."""
    more = " …" if len(data) > SHOWN else ""
    unit = "byte" if len(data) == 1 else "bytes"
    return f"{len(data):,} {unit} {data[:SHOWN]!r}{more}"


def datagram(data: bytes) -> str:
    """A datagram in a few words; one without bytes is one too."""
    return f"a datagram of {show(data)}" if data else "an empty datagram"


def difference(expected: bytes, received: bytes, outcome: Outcome) -> str:
    """What came instead of exactly these bytes."""
    if len(received) < len(expected) and expected.startswith(received):
        came = f"only {len(received):,} of {len(expected):,} bytes came, then " if received else ""
        return _sentence(came + MEANT.get(outcome, outcome.value))
    first = next((i for i, (a, b) in enumerate(zip(expected, received, strict=False)) if a != b), len(received))
    short = f", and only {len(received):,} of {len(expected):,} came" if len(received) < len(expected) else ""
    return f"The bytes differ from byte {first} on (counted from 0){short}."


def no_end(received: bytes, outcome: Outcome) -> str:
    """Why a read up to end of file did not reach it."""
    if outcome is Outcome.DATA:
        return f"{len(received):,} bytes came and no end; that is more than any right answer has."
    return _sentence(f"{show(received)} came, then " * bool(received) + MEANT.get(outcome, outcome.value))


def wrong_end(wanted: Outcome, received: bytes, outcome: Outcome) -> str:
    """What came where the end of the connection was expected."""
    if received:
        return f"More bytes came instead: {show(received)}."
    if outcome is Outcome.SILENCE:
        return "The connection stayed open: the program waits, and has not closed it."
    return _sentence(MEANT.get(outcome, outcome.value))


def not_silent(received: bytes, outcome: Outcome) -> str:
    """What came where nothing should; DATA of no bytes is an empty datagram."""
    if outcome is Outcome.DATA and not received:
        return "An empty datagram came."
    return f"{show(received)} came." if received else _sentence(MEANT.get(outcome, outcome.value))


def unsent(sent: int, size: int, outcome: Outcome) -> str:
    """Why a message could not be sent whole."""
    reason = "the program stopped reading" if outcome is Outcome.SILENCE else MEANT.get(outcome, outcome.value)
    return f"Only {sent:,} of {size:,} bytes could be sent: {reason}."


def not_echoed(echoed: int, held: int, outcome: Outcome) -> str:
    """Why an echo did not come to its end; `held` bytes were read and could not be sent back."""
    if outcome is Outcome.SILENCE and held:
        return "The program stopped reading. The server can send no more, so it doesn't read on either."
    if outcome is Outcome.SILENCE:
        return f"{_went_back(echoed)}, and the program neither sends more nor ends its side."
    return _sentence(f"{_went_back(echoed)}, then {MEANT.get(outcome, outcome.value)}")


def _went_back(echoed: int) -> str:
    return f"{echoed:,} byte{'' if echoed == 1 else 's'} went back" if echoed else "Nothing came"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


# -- the call flow ------------------------------------------------------------------------------------------------

_SAME = {
    "recv_into": "recv",
    "recvmsg": "recvfrom",
    "recvfrom_into": "recvfrom",
    "sendall": "send",
    "sendmsg": "send",
    "sendfile": "send",
    "connect_ex": "connect",
}


def flow(exchange: Exchange) -> tuple[str, ...]:
    """The student's calls in canonical order: each socket's in turn, an accepted socket's right after its accept.

    So a program that serves its clients at the same time has the same flow as one that serves them one by one.
    Calls that failed with EAGAIN, that still wait, or that only touch options are left out; variants of a call bear
    its plain name (`sendall` is send). A socket that several processes share is closed by the one that made it.
    """
    found = [
        call
        for call in exchange.by("student")
        if call.family != "AF_UNIX"
        and call.error not in ("EAGAIN", "TimeoutError")
        and not (call.blocked and call.name != "close")
    ]
    names: list[str] = []
    for made in (call for call in found if call.name == "socket"):
        own = [call for call in found if call.socket == made.socket]
        for call in _one_close(own, made.process):
            names.append(_SAME.get(call.name, call.name))
            if call.name == "accept" and not call.failed:
                names += _accepted(found, call)
    return tuple(names)


def _accepted(calls: list[Call], accept: Call) -> Iterator[str]:
    own = [call for call in calls if call.socket == accept.made and call.remote == accept.remote]
    return (_SAME.get(call.name, call.name) for call in _one_close(own, accept.process))


def _one_close(calls: list[Call], maker: int) -> list[Call]:
    """One socket's calls; where processes share it, the maker's close alone counts, and comes last."""
    if {call.process for call in calls} <= {maker}:
        return calls
    closes = [call for call in calls if call.name == "close" and call.process == maker]
    return [call for call in calls if call.name != "close"] + closes[-1:]


def matches(pattern: str, names: Iterable[str]) -> bool:
    """Whether a sequence of calls fits a flow such as `socket bind listen (accept (recv|send)* close)*`.

    Words are names of calls; `|`, `*`, `+`, `?` and parentheses mean what they mean in regular expressions.
    A call that no word of the pattern names (setsockopt, say) may stand anywhere.
    """
    tokens = re.findall(r"[a-z_]+|[()|*+?]", pattern)
    words = set(filter(str.isidentifier, tokens))
    expression = "".join(f"(?:{token} )" if token in words else token for token in tokens)
    return re.fullmatch(expression, "".join(f"{name} " for name in names if name in words)) is not None


def wrong_flow(pattern: str, names: tuple[str, ...]) -> str:
    """The first call at which a flow leaves its pattern, in a sentence."""
    words = set(re.findall(r"[a-z_]+", pattern))
    missing = [word for word in dict.fromkeys(re.findall(r"[a-z_]+", pattern)) if word not in names]
    done = " ".join(_runs([name for name in names if name in words])) or "none of these calls"
    return f"The program called: {done}." + (f" Never called: {', '.join(missing)}." if missing else "")


def _runs(names: list[str]) -> Iterator[str]:
    previous, count = "", 0
    for name in [*names, ""]:
        if name == previous:
            count += 1
            continue
        if previous:
            yield previous if count == 1 else f"{previous}×{count}"
        previous, count = name, 1


# -- the program itself -------------------------------------------------------------------------------------------


def never_ready(transport: str, outcome: Outcome, calls: Iterable[Call] = ()) -> str:
    """Why a server cannot be met; `calls` are those made so far, which may show a socket of the wrong type."""
    streams = (call for call in calls if call.side == "student" and call.name == "bind" and not call.failed)
    if transport == "udp" and any(call.type == "SOCK_STREAM" for call in streams):
        end = {Outcome.CRASH: ", and crashed", Outcome.EXIT: ", and ended"}.get(outcome, "")
        return f"The program bound a TCP socket there, and no UDP socket{end}."
    never = "never listened" if transport == "tcp" else "never bound its address"
    after = {
        Outcome.CRASH: f"The program crashed before it {'listened' if transport == 'tcp' else 'bound its address'}.",
        Outcome.EXIT: f"The program {never}: it ended at once.",
        Outcome.SILENCE: f"The program {never}: it waits for something else.",
        Outcome.SPINNING: f"The program {never}: it spins.",
    }
    return after.get(outcome, f"The program {never} within 20 seconds.")


def grown(before: int, growth: int) -> str:
    """By how much a program's memory has grown, in bytes, as a sentence in megabytes."""
    mega = 1_000_000
    after = before + growth
    return f"It has grown by {growth / mega:,.1f} MB, from {before / mega:,.1f} MB to {after / mega:,.1f} MB."


def second_copy(port: int, bound: Address | None, outcome: Outcome | None, ending: dict[str, object]) -> str:
    """What a second copy of a server did that was not refused the port; `outcome` is None if it listens, at `bound`."""
    if outcome is None:
        elsewhere = bound is not None and bound[1] not in (0, port)
        at = f"port {bound[1]} instead" if bound is not None and elsewhere else "the same port"
        return f"A second copy started, and listens at {at}."
    if ending.get("e") == "crash":
        told = f"{ending['error']}: {ending['message']}" if ending["message"] else f"{ending['error']}"
        return f"A second copy ended, but not because its port was in use: it raised {told}"
    did = {
        Outcome.CRASH: "crashed, but not because its port was in use",
        Outcome.EXIT: "ended, but not because its port was in use",
        Outcome.SILENCE: "was not refused the port, and does not listen: it waits",
        Outcome.SPINNING: "was not refused the port, and does not listen: it spins",
    }
    return f"A second copy {did.get(outcome, 'neither listened nor ended within 20 seconds')}."


def no_return(outcome: Outcome, ending: dict[str, object]) -> str:
    """Why a called function gave no value."""
    if ending.get("e") == "crash":
        return (
            f"It raised {ending['error']}: {ending['message']}"
            if ending["message"]
            else f"It raised {ending['error']}."
        )
    if ending.get("e") == "exit":
        return "It ended its process with sys.exit instead of returning."
    waits = {
        Outcome.SILENCE: "It never returns: it waits for something that will not come.",
        Outcome.SPINNING: "It never returns: it works without end and gets nowhere.",
        Outcome.CRASH: "Its process was ended before it returned.",
        Outcome.EXIT: "Its process ended before it returned.",
    }
    return waits.get(outcome, "It had not returned after 10 seconds.")


def brief(value: object) -> str:
    """A value as a step's text shows it."""
    if isinstance(value, bytes):
        return show(value)
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def compared(expected: object, value: object) -> dict[str, Any]:
    """Both values as the fields of a step that hold them: as bytes where both are, else as text."""
    if isinstance(expected, bytes) and isinstance(value, bytes):
        return {"expected": expected, "received": value}
    return {"expected_value": repr(expected), "received_value": repr(value)}


def other_value(expected: object, value: object) -> str:
    """What was returned instead of the expected value."""
    if type(value) is not type(expected):
        return f"It returned {brief(value)}, which is {type(value).__name__}, not {type(expected).__name__}."
    return f"It returned {brief(value)}."
