"""Mistakes with the socket and its address: 1 to 6, and 66."""

from __future__ import annotations

from autograder.exchange import Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import SENDS
from autograder.mistakes.reading import Reading, endpoint, in_two, swapped

SPEAKS = {"tcp": ("TCP", "SOCK_STREAM"), "udp": ("UDP", "SOCK_DGRAM")}
"""What each transport is called, and its type of socket."""

TEXT = ("a bytes-like object is required, not 'str'", 'can only concatenate str (not "bytes") to str', "concat str to")
"""How Python says, where the line sends, that text stands where bytes belong."""


@detects(1, Strength.SHOWN)
def wrong_type(reading: Reading) -> str | None:
    """Every socket that the program made is of the other transport's type."""
    if reading.exchange.transport == "none":
        return None
    protocol, wanted = SPEAKS[reading.exchange.transport]
    kinds = {life.calls[0].type for life in reading.lives if life.internet and life.made}
    if not kinds or wanted in kinds or kinds.isdisjoint({"SOCK_STREAM", "SOCK_DGRAM"}):
        return None
    return f"The check speaks {protocol}, which takes a {wanted} socket. Your program made only {kinds.pop()}."


@detects(2, Strength.PROVED)
def text_sent(reading: Reading) -> str | None:
    """A call that sends was given text."""
    for call in reading.calls:
        text = call.error == "TypeError" and "'str'" in call.message and "as an integer" not in call.message
        if call.name in SENDS and text:
            return f"{call.name} was given text (str), and Python answered: {call.message}."
    place = reading.exchange.program.traceback[-1:]
    sends = bool(place) and any(word in place[0].text for word in ("send", ".write("))
    if sends and reading.exception.startswith("TypeError") and any(words in reading.exception for words in TEXT):
        return f"The line that sends ended in {reading.exception}."
    return None


@detects(3, Strength.PROVED)
def port_as_text(reading: Reading) -> str | None:
    """bind or connect was given a port that is text."""
    for call in reading.calls:
        named = call.name in ("bind", "connect", "connect_ex", "sendto") and call.error == "TypeError"
        if named and in_two(call) is None and "'str' object cannot be interpreted as an integer" in call.message:
            return f"{call.name} was given an address whose port is text (str), not a number."
    return None


@detects(4, Strength.SHOWN)
def other_port(reading: Reading) -> str | None:
    """The program binds, or connects to, another port than the one it was given."""
    names = ("bind",) if reading.server else ("connect", "connect_ex", "sendto")
    wrong = reading.wrong_port(*names)
    if wrong is None or reading.exchange.given is None:
        return None
    call, port = wrong
    if port == swapped(reading.exchange.given[1]):
        return None
    says = "0, which lets the system choose one" if port == 0 else f"{port}"
    return f"{call.name} was called with port {says}, and not with the port that your function was given."


@detects(5, Strength.SHOWN)
def one_family(reading: Reading) -> str | None:
    """The program's socket is IPv4 only, and an IPv6 address was asked."""
    for life in reading.lives:
        for call in life.tried("bind", "connect"):
            place = endpoint(call)
            if call.failed and life.family == "AF_INET" and place is not None and ":" in place[0]:
                return f"{call.name} was given {place[0]!r}, an IPv6 address, and the socket is AF_INET (IPv4 only)."
    talk, listener = reading.talk, reading.listener
    if talk is None or listener is None or reading.failed.outcome is not Outcome.REFUSED:
        return None
    if talk.reference.family == "AF_INET6" and listener.family == "AF_INET":
        return "The client came over IPv6 and was refused: the listening socket is AF_INET, which is IPv4 only."
    return None


@detects(6, Strength.SHOWN)
def descriptors_run_out(reading: Reading) -> str | None:
    """The system refuses another descriptor, or sockets are counted as left open, and accepted ones were not closed."""
    left = [talk for talk in reading.talks if talk.accept is not None and not talk.closed and talk.peer_ended]
    counted = reading.wanted_flow or reading.counts_sockets or "Errno 24]" in reading.exception
    if not left or not counted or any(talk.makefiles() for talk in left):
        return None
    number, them = (
        ("One accepted connection", "it") if len(left) == 1 else (f"{len(left):,} accepted connections", "them")
    )
    return f"{number} had ended on the client's side, and your program never closed {them}."


@detects(6, Strength.SHOWN)
def never_closed(reading: Reading) -> str | None:
    """A client waits for the end, and the program has left its connection without closing it."""
    talk = reading.talk
    if not reading.server or talk is None or not talk.student or not (reading.wanted_end and reading.silent):
        return None
    held = bool(talk.makefiles()) or any(call.name == "dup" for call in talk.student)
    several = len({call.process for call in talk.student}) > 1
    left_early = bool(talk.data_reads) and talk.peer_ended and not talk.saw_end
    if talk.ended or talk.blocked or held or several or left_early or reading.accepting is None:
        return None
    done = "read the end of the client's data" if talk.saw_end else "sent its answer"
    return f"Your program {done}, went back to accept, and never closed the connection."


@detects(66, Strength.PROVED)
def address_in_two(reading: Reading) -> str | None:
    """A call that takes an address was given host and port as two arguments."""
    for call in reading.calls:
        if call.error == "TypeError" and (given := in_two(call)) is not None:
            return f"{call.name} was given {given} as two arguments, and Python answered: {call.message}."
    return None
