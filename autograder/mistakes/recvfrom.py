"""Mistakes with receiving datagrams: 55 to 57."""

from __future__ import annotations

from autograder.exchange import Call, Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import RECEIVES, SENDS, Life
from autograder.mistakes.reading import Reading, asked, endpoint


def _datagram_lives(reading: Reading) -> list[Life]:
    return [life for life in reading.lives if life.internet and not life.stream]


@detects(55, Strength.PROVED)
def datagram_cut(reading: Reading) -> str | None:
    """A datagram is longer than the read that takes it."""
    sent = [call for call in reading.exchange.by("reference", *SENDS) if call.type == "SOCK_DGRAM" and not call.failed]
    for life in _datagram_lives(reading):
        for call in life.tried(*RECEIVES):
            if call.error == "EMSGSIZE" or (0 < call.size == asked(call) and _longer(call, sent)):
                return f"{call.name}({asked(call)}) took a datagram that was longer, and its end was lost."
    return None


def _longer(read: Call, sent: list[Call]) -> bool:
    """Whether the datagram was sent longer: one that begins so was, and none that is just this."""
    earlier = [call for call in sent if call.started < (read.ended or 0.0)]
    begun = [call for call in earlier if call.data[: read.size] == read.data[: read.size]]
    return bool(begun) and all(call.size > read.size for call in begun)


@detects(56, Strength.SHOWN)
def empty_is_no_end(reading: Reading) -> str | None:
    """The program takes a datagram of no bytes for the end, and gives up, or for nothing, and does not answer."""
    if not reading.server or reading.failed.outcome is Outcome.CRASH:
        return None
    for life in _datagram_lives(reading):
        reads = life.did(*RECEIVES)
        if not reads or reads[-1].size or any(call.started > reads[-1].started for call in life.tried(*SENDS)):
            continue
        if _answered_before(life, reads[:-1]):
            return None
        if life.closed is not None or not reading.exchange.program.running:
            return f"{reads[-1].name} returned an empty datagram, and your program stopped receiving."
        if reading.silent and life.blocked is not None:
            return f"{reads[-1].name} returned an empty datagram, and your program did not answer it."
    return None


def _answered_before(life: Life, reads: tuple[Call, ...]) -> bool:
    """Whether one of these reads was of an empty datagram, and the next call on the socket sent."""
    position = {call: number for number, call in enumerate(life.calls)}
    after = (life.calls[position[call] + 1 :] for call in reads if not call.size)
    return any(rest and rest[0].name in SENDS for rest in after)


@detects(57, Strength.SHOWN)
def fixed_peer(reading: Reading) -> str | None:
    """A datagram is answered to another address than the one it came from."""
    if not reading.server or not reading.silent:
        return None
    for life in _datagram_lives(reading):
        sender = None
        for call in life.calls:
            if call.name in RECEIVES and call.remote is not None and not call.failed and not call.blocked:
                sender = call.remote
            place = endpoint(call) if call.name == "sendto" and not call.failed else None
            if sender is not None and place is not None and place[1] != sender[1]:
                return "The last datagram came from one client, and the answer was sent to another address."
        if _answers_another(reading, life):
            return "This client's datagram was read, and the answer was sent to another client."
        if life.did("connect") and len(reading.talks) > 1:
            return "The server's socket was connected to one client, so that it hears no other."
    return None


def _answers_another(reading: Reading, life: Life) -> bool:
    """Whether what the failed step's client sent last was read, and the next sendto goes to another client."""
    talk, reads, sends = reading.talk, life.did(*RECEIVES), life.did("sendto")
    if talk is None or not reads or not sends or sends[-1].started < reads[-1].started:
        return False
    asked_last = max((call.started for call in reading.exchange.by("reference", *SENDS)), default=0.0)
    place, own = endpoint(sends[-1]), talk.reference.local
    ours = any(call.started == asked_last for call in talk.reference.did(*SENDS))
    others = {other.reference.local for other in reading.talks if other is not talk}
    return ours and place is not None and place != own and place in others
