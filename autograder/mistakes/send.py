"""Mistakes with sending: 38 to 43, and 70."""

from __future__ import annotations

from autograder.exchange import Call
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import RECEIVES, SENDS, Talk
from autograder.mistakes.reading import Reading


@detects(38, Strength.SHOWN)
def rest_forgotten(reading: Reading) -> str | None:
    """send takes fewer bytes than it was offered, and the rest is never sent."""
    talk = reading.talk
    if talk is None or len(reading.received) >= len(reading.expected) > 0:
        return None
    sends = [call for call in talk.writes if call.name == "send" and call.error in ("", "EAGAIN")]
    partial = [call for call in sends if call.size < call.offered]
    if not any(_forgets(talk, call) for call in partial):
        return None
    return "send took only a part of the bytes it was given, and your program never sent the rest."


def _forgets(talk: Talk, partial: Call) -> bool:
    """Whether the next call that sends cannot hold what this one left: it offers too little, or there is none."""
    position = talk.student.index(partial)
    read = 0
    for call in talk.student[position + 1 :]:
        if call.name in SENDS:
            return call.offered < partial.offered - partial.size + read or not call.offered
        read += call.size if call.name in RECEIVES else 0
    return bool(partial.size)  # with EAGAIN nothing went, and nothing may yet be forgotten


@detects(39, Strength.SHOWN)
def slow_reader_stops_all(reading: Reading) -> str | None:
    """One thread serves several clients, and waits in a call that sends to another than the failed step's."""
    talk = reading.talk
    if not reading.server or talk is None or not reading.silent or not talk.student:
        return None
    for other in reading.talks:
        stuck = other.blocked
        if other is talk or stuck is None or stuck.name not in SENDS:
            continue
        if all((call.process, call.thread) == (stuck.process, stuck.thread) for call in talk.student):
            return f"Your program waited in {stuck.name} for a client that does not read, and served nobody else."
    return None


@detects(40, Strength.PROVED)
def gone_peer_kills(reading: Reading) -> str | None:
    """Sending to a client that has gone ends the server."""
    crash = reading.crash
    if not reading.server or crash is None or crash.name not in SENDS or crash.remote is None:
        return None
    if crash.error not in ("EPIPE", "ECONNRESET") or crash.type != "SOCK_STREAM":
        return None
    return f"The client had gone. {crash.name} raised {crash.error}, and that ended your server."


@detects(41, Strength.PROVED)
def datagram_too_large(reading: Reading) -> str | None:
    """A datagram is larger than UDP can carry."""
    for call in reading.calls:
        if call.name in SENDS and call.type == "SOCK_DGRAM" and call.error == "EMSGSIZE":
            return f"{call.name} was given {call.offered:,} bytes and failed with EMSGSIZE (message too long)."
    return None


@detects(42, Strength.PROVED)
def bare_newline(reading: Reading) -> str | None:
    """What came is what was expected, but for LF alone where CR LF belongs."""
    expected, received = reading.expected, reading.received
    bare = expected.replace(b"\r\n", b"\n")
    if bare == expected or b"\n" not in received or received == expected[: len(received)]:
        return None
    if not (received.startswith(bare) or bare.startswith(received)):
        return None
    return "The line ended in \\n (0a) alone, where \\r\\n (0d 0a) was expected; the rest is right."


@detects(43, Strength.SHOWN)
def not_flushed(reading: Reading) -> str | None:
    """A file that writes was made of the socket, a request was read, and nothing has been sent."""
    talk = reading.talk
    if talk is None or not reading.silent or reading.received or talk.ended or reading.accepting:
        return None
    writes = any(letter in mode for mode in talk.makefiles() for letter in "wa+")
    if not writes or talk.writes or talk.sent != talk.read or (talk.sent and not _request_complete(talk)):
        return None
    return "A file that writes was made of the connection with makefile, and not one byte of it was sent."


def _request_complete(talk: Talk) -> bool:
    """Whether the program does not merely wait for the end of a line: it got one, or it reads by itself."""
    data = b"".join(call.data for call in talk.data_reads)
    return b"\n" in data or any(call.name == "recv" for call in talk.data_reads)


@detects(70, Strength.PROVED)
def no_destination(reading: Reading) -> str | None:
    """send, which names no address, was called on a UDP socket that is connected to none."""
    for call in reading.calls:
        if call.name in SENDS and call.type == "SOCK_DGRAM" and call.error == "EDESTADDRREQ":
            return f"{call.name} failed with EDESTADDRREQ: this UDP socket is connected to no address."
    return None
