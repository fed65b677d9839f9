"""Mistakes with the end of a connection: 58 to 61, 63 and 65."""

from __future__ import annotations

import ast
import re
from itertools import accumulate

from autograder.exchange import Call, Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import ENDS, RECEIVES, SENDS, Talk
from autograder.mistakes.reading import Reading


@detects(58, Strength.SHOWN)
def closed_with_unread_input(reading: Reading) -> str | None:
    """The answer was sent, and close() with bytes unread turned into a reset."""
    talk = reading.talk
    closes = [call for call in talk.student if call.name in ENDS and not call.failed] if talk is not None else []
    if talk is None or reading.exception or not talk.reset or not closes:
        return None
    there = sum(call.size for call in talk.reference.did(*SENDS) if call.started < closes[0].started)
    owed = sum(len(step.expected or b"") for step in reading.exchange.steps if step.actor == reading.failed.actor)
    if talk.read >= there or not talk.written or talk.written < owed:
        return None
    return "Your program closed the connection before it had read all that was sent, and that made it a reset."


@detects(59, Strength.SHOWN)
def still_held(reading: Reading) -> str | None:
    """The connection was given up, and something else still holds it, so that its end does not come."""
    talk = reading.talk
    if reading.counts_sockets:
        talk = next((one for one in reading.talks if one.makefiles() and one.peer_ended and not one.closed), None)
    elif not (reading.wanted_end and reading.silent):
        return None
    if talk is None or talk.blocked or any(call.name == "shutdown" for call in talk.student):
        return None
    holder = _holder(reading, talk)
    return f"The connection is still held by {holder}, so the client was not told of its end." if holder else None


def _holder(reading: Reading, talk: Talk) -> str:
    """What holds the connection: another process, a duplicate, a file; "" for nothing."""
    closed = {(call.process, call.socket) for call in talk.student if call.name in ENDS and not call.failed}
    accept = talk.accept
    if accept is not None and closed and not any(process == accept.process for process, _ in closed):
        return "the process that accepted it, after another process closed it"
    dups = [call for call in talk.student if call.name == "dup" and call.made is not None]
    if closed and any((call.process, call.made) not in closed for call in dups):
        return "a duplicate made by dup, after the original was closed"
    if talk.makefiles() and not closed:
        return "a file made by makefile"
    return ""


@detects(60, Strength.FITS)
def tail_not_sent(reading: Reading) -> str | None:
    """The client half-closed, and the program closed with something read that it had not yet answered."""
    talk, outcome = reading.talk, reading.failed.outcome
    if talk is None or not reading.server or outcome not in (Outcome.EOF, Outcome.EXIT) or not talk.saw_end:
        return None
    missing = len(reading.received) < len(reading.expected) and reading.expected.startswith(reading.received)
    if not missing or not talk.ended or not talk.data_reads or not _owes(talk):
        return None
    return "Your program read the end of the client's data and closed at once; what it still had to send is missing."


def _owes(talk: Talk) -> bool:
    """Whether the last read's bytes were not sent on: nothing was sent after it, or only what came before it."""
    moves: list[Call] = [call for call in talk.student if call.name in SENDS or (call.name in RECEIVES and call.size)]
    if moves[-1].name in RECEIVES or moves[-1].size < moves[-1].offered:
        return True
    return talk.written in accumulate(call.size for call in talk.data_reads[:-1])


@detects(61, Strength.PROVED)
def end_unnoticed(reading: Reading) -> str | None:
    """The server closed before its message was complete, and the program took what there was for all of it."""
    talk = reading.talk
    if reading.server or talk is None or reading.exchange.transport != "tcp" or " raises " not in reading.failed.text:
        return None
    if not talk.peer_ended or not talk.saw_end or not talk.data_reads or talk.read != talk.sent:
        return None
    needs, came = reading.wanted_bytes, "1 byte" if talk.sent == 1 else f"{talk.sent:,} bytes"
    name = "read" if talk.makefiles() else talk.data_reads[-1].name
    what = f"The server sent {came} and closed; {name} returned what there was"
    if needs is not None and talk.sent < needs:
        return f"{what}, and struct wanted {needs}."
    if reading.failed.outcome is Outcome.VALUE and "EOFError" in reading.failed.text:
        return f"{what}, and your function made a value of it."
    return None


@detects(63, Strength.FITS)
def end_not_announced(reading: Reading) -> str | None:
    """A client has sent all and reads on, and has not said that it sends no more, for which the server waits."""
    talk = reading.talk
    if reading.server or talk is None or reading.exchange.transport != "tcp" or not reading.shutdown_missing:
        return None
    waiting = talk.blocked
    if waiting is None or waiting.name not in RECEIVES or talk.ended or talk.peer_ended or talk.read < talk.sent:
        return None
    if not _sent_all(reading, talk) or "readline" in reading.exchange.source:
        return None
    return f"Your program had sent everything and waited in {waiting.name}; it had not called shutdown."


def _sent_all(reading: Reading, talk: Talk) -> bool:
    """Whether a client has sent what it was given to send, or something, if it was given nothing."""
    given = reading.exchange.arguments[:1]
    many = re.fullmatch(r"bytes\((\d+)\)", given[0]) if given else None
    try:
        data = ast.literal_eval(given[0]) if given and many is None else None
    except (ValueError, SyntaxError):
        data = None
    size = int(many[1]) if many else len(data) if isinstance(data, bytes) else 1
    return talk.written >= size


@detects(65, Strength.PROVED)
def used_after_close(reading: Reading) -> str | None:
    """EBADF: a call on a socket that the program had closed before."""
    for life in reading.lives:
        closed = life.closed
        for call in life.calls if closed is not None else ():
            late = closed is not None and call.started > closed.started and call.error == "EBADF"
            if not late or closed is None or (call.name == "accept" and reading.accepted):  # that is 30
                continue
            if call.message and call.message in reading.exception:
                return _after_close(closed, call)
    return None


def _after_close(closed: Call, call: Call) -> str:
    first = f"Line {closed.line.number} closed this socket" if closed.line else "This socket had been closed"
    then = f"line {call.line.number} called {call.name} on it" if call.line else f"{call.name} was called on it"
    return f"{first}, then {then}, which failed with EBADF (bad file descriptor)."
