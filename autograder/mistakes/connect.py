"""Mistakes with connect: 32 to 37."""

from __future__ import annotations

from autograder.exchange import Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import RECEIVES, SENDS
from autograder.mistakes.reading import Reading, endpoint

UNFINISHED = ("EINPROGRESS", "EALREADY", "EAGAIN")
"""Errors of connect that mean: not yet."""


@detects(32, Strength.SHOWN)
def reused_after_failure(reading: Reading) -> str | None:
    """connect fails on a socket whose connect had failed before."""
    for life in reading.lives:
        tries = life.tried("connect") if life.stream else ()
        given_up = [number for number, call in enumerate(tries) if call.failed and call.error not in UNFINISHED]
        if given_up and given_up[0] < len(tries) - 1 and tries[-1].failed:
            first, last = tries[given_up[0]].error, tries[-1].error
            then = "" if last == first else f", where it failed with {last}"
            return f"connect failed with {first}, and was called again on the same socket{then}."
    return None


@detects(33, Strength.SHOWN)
def no_timeout(reading: Reading) -> str | None:
    """A client waits in connect for a server that never answers."""
    for life in reading.lives:
        if not reading.server and life.stream and life.blocked is not None and life.blocked.name == "connect":
            return "Your program waited in connect, and no answer came."
    return None


@detects(34, Strength.SHOWN)
def other_family_first(reading: Reading) -> str | None:
    """A client tries ::1 only, and the server is at an IPv4 address."""
    given = reading.exchange.given
    calls = [call for call in reading.calls if call.name == "connect"]
    if reading.server or given is None or ":" in given[0] or not calls:
        return None
    if any(call.family != "AF_INET6" or call.error not in ("ECONNREFUSED", "EADDRNOTAVAIL") for call in calls):
        return None
    met = calls[-1].error
    return f"The name led to an IPv6 address first, where connect met {met}; its IPv4 address was not tried."


@detects(35, Strength.SHOWN)
def connected_to_nobody(reading: Reading) -> str | None:
    """connect on a UDP socket succeeded, nothing was received, and the function takes that for an answer."""
    if reading.server or reading.exchange.transport != "udp" or reading.failed.outcome is not Outcome.VALUE:
        return None
    for life in reading.lives:
        answers = [call for call in life.did(*RECEIVES) if call.name != "recvfrom" or call.size]
        if not life.stream and life.did("connect") and not answers and not _was_answered(reading):
            return "connect on the UDP socket succeeded, your program received nothing, and took that for an answer."
    return None


def _was_answered(reading: Reading) -> bool:
    return any(talk.reference.did(*SENDS) for talk in reading.talks)


@detects(36, Strength.PROVED)
def refused_datagram(reading: Reading) -> str | None:
    """A connected UDP socket gets ECONNREFUSED, and that ends the program."""
    crash = reading.crash
    if crash is None or crash.type != "SOCK_DGRAM" or crash.error != "ECONNREFUSED":
        return None
    if crash.name not in RECEIVES | SENDS:
        return None
    return f"{crash.name} on the connected UDP socket raised ECONNREFUSED, and that ended your program."


@detects(37, Strength.SHOWN)
def sends_elsewhere(reading: Reading) -> str | None:
    """A connected UDP socket sends to another address than the one it is connected to."""
    for life in reading.lives:
        connects = life.did("connect") if not life.stream else ()
        for call in life.did("sendto") if connects else ():
            place = endpoint(call)
            if place is not None and connects[-1].remote is not None and place[1] != connects[-1].remote[1]:
                return "The UDP socket was connected to one address, and sendto sent to another."
    return None
