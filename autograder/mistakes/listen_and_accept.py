"""Mistakes with listen and accept: 22 to 31."""

from __future__ import annotations

import ast

from autograder.exchange import Call, Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import RECEIVES, SENDS, Life, Talk
from autograder.mistakes.reading import Reading, asked

UNREACHED = (Outcome.SILENCE, Outcome.TIMEOUT, Outcome.REFUSED, Outcome.EXIT)
"""What a client meets whom the program never accepts."""


@detects(22, Strength.PROVED)
def no_listen(reading: Reading) -> str | None:
    """accept fails with EINVAL on a socket that does not listen."""
    for life in reading.lives:
        if not life.did("listen") and any(call.error == "EINVAL" for call in life.tried("accept")):
            return "accept failed with EINVAL (invalid argument): listen had not been called on that socket."
    return None


def _left_out(reading: Reading) -> Life | None:
    """The listener, if the failed step is about a client that came and was never accepted."""
    talk, listener = reading.talk, reading.listener
    if not reading.server or talk is None or talk.accept is not None or reading.failed.outcome not in UNREACHED:
        return None
    earlier = [one for one in reading.talks if one.accept is not None]
    return listener if listener is not None and listener.stream and earlier else None


@detects(23, Strength.SHOWN)
def backlog_counts_clients(reading: Reading) -> str | None:
    """As many clients are accepted as listen was told, and no more."""
    listener = _left_out(reading)
    if listener is None or reading.accepting is not None:
        return None
    backlog = asked(listener.did("listen")[-1])
    if backlog < 2 or len(listener.tried("accept")) != backlog:
        return None
    return f"listen was called with {backlog}, and after {backlog} clients your program accepted no more."


SMALL = 5
"""A backlog of at most this is meant to keep clients out; larger ones are what everybody writes."""


@detects(24, Strength.SHOWN)
def backlog_to_refuse(reading: Reading) -> str | None:
    """A client that was to be refused got into the queue, which was kept small on purpose, while another is served."""
    listener, given = reading.listener, reading.exchange.given
    if not reading.server or listener is None or given is None or not reading.failed.text.startswith(REFUSED):
        return None
    got_in = reading.failed.outcome in (Outcome.DONE, Outcome.SILENCE, Outcome.TIMEOUT)
    backlog = next((call.arguments[0] for call in listener.did("listen") if call.arguments), None)
    if not got_in or not isinstance(backlog, int) or backlog > SMALL or f" at {given[0]} " not in reading.failed.text:
        return None
    if not any(talk.accept is not None and not talk.closed for talk in reading.talks):
        return None
    met = "was let into the queue" if reading.failed.outcome is Outcome.DONE else "was left without an answer"
    return f"listen was called with {backlog}, and the next client {met}: a full queue refuses nobody."


REFUSED = "is refused"
"""How the text of a step begins in which a client is to be refused (see `client`)."""


def _accepts_once(reading: Reading) -> Call | None:
    """The only accept of the listener, if another client waits for one."""
    listener = _left_out(reading)
    if listener is None or len(listener.tried("accept")) != 1 or _closed_early(reading):
        return None
    return next(iter(listener.did("accept")), None)


def _conversation(reading: Reading, accept: Call) -> Talk | None:
    return next((talk for talk in reading.talks if talk.accept == accept), None)


@detects(25, Strength.SHOWN)
def accepts_once(reading: Reading) -> str | None:
    """The first client is gone, and nobody accepts the second."""
    accept = _accepts_once(reading)
    first = _conversation(reading, accept) if accept is not None else None
    if first is None or not (first.ended or first.saw_end):
        return None
    what = "your program had ended" if reading.failed.outcome is Outcome.EXIT else "accept was not called again"
    return f"accept was called once. After the first client {what}, and the next client was left waiting."


@detects(25, Strength.SHOWN)
def ends_after_one(reading: Reading) -> str | None:
    """The call flow is not that of a server that goes on: it accepted one client, and ended."""
    listener = reading.listener
    if not reading.wanted_flow or reading.failed.outcome is not Outcome.EXIT or listener is None:
        return None
    once = len(listener.tried("accept")) == 1 and not _closed_early(reading)
    return "accept was called once, and after that client your program ended." if once else None


@detects(25, Strength.FITS)
def accepted_once(reading: Reading) -> str | None:
    """The first client is still served, and nobody accepts the second."""
    accept = _accepts_once(reading)
    first = _conversation(reading, accept) if accept is not None else None
    if first is None or first.ended or first.saw_end or first.blocked is None or _loops(reading.exchange.source):
        return None
    return "accept was called once, for the first client, and the next client was left waiting."


def _loops(source: str) -> bool:
    """Whether a function calls accept in a loop, as far as its text is known."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    loops = (node for node in ast.walk(tree) if isinstance(node, ast.While | ast.For))
    return any(isinstance(node, ast.Attribute) and node.attr == "accept" for loop in loops for node in ast.walk(loop))


@detects(26, Strength.SHOWN)
def accepts_between_reads(reading: Reading) -> str | None:
    """A client's second request lies unread, while the thread that read its first waits in accept."""
    talk, accepting = reading.talk, reading.accepting
    if not reading.server or talk is None or accepting is None or not reading.silent or reading.exception:
        return None
    same = all(call.thread == accepting.thread and call.process == accepting.process for call in talk.reads)
    unread = talk.sent > talk.read or (reading.wanted_end and talk.peer_ended and not talk.saw_end)
    if not talk.data_reads or not same or talk.ended or talk.blocked or not unread:
        return None
    what = "next bytes" if talk.sent > talk.read else "end of file"
    return f"Your program waited in accept for another client, while this client's {what} lay unread."


@detects(27, Strength.PROVED)
def talks_on_listener(reading: Reading) -> str | None:
    """A call that moves data was made on the listening socket."""
    for life in reading.lives:
        for call in life.tried(*RECEIVES, *SENDS) if life.stream and life.did("listen") else ():
            if call.error in ("ENOTCONN", "EPIPE"):
                return f"{call.name} was called on the listening socket, and failed with {call.error}."
    return None


def _busy_with(reading: Reading) -> Talk | None:
    """The open conversation that the program waits in, in the thread that should accept the failed step's client."""
    if _left_out(reading) is None or not reading.silent or reading.accepting is not None:
        return None
    accepts = {(call.process, call.thread) for call in reading.accepted}
    waiting = [
        talk for talk in reading.talks if talk.accept is not None and talk.blocked and _thread(talk.blocked) in accepts
    ]
    return waiting[0] if len(waiting) == 1 and not waiting[0].peer_ended else None


def _thread(call: Call) -> tuple[int, int]:
    return call.process, call.thread


def _open(reading: Reading) -> list[Talk]:
    return [talk for talk in reading.talks if talk.reference.did("connect") and not talk.peer_ended]


@detects(28, Strength.SHOWN)
def serial(reading: Reading) -> str | None:
    """A client waits to be accepted until another one, which talks or is one of several, has ended."""
    busy = _busy_with(reading)
    if busy is None or busy.blocked is None:
        return None
    side_by_side = any(talk is not busy and talk.blocked for talk in reading.talks)
    if not busy.sent and (side_by_side or len(_open(reading)) <= 2):
        return None
    return f"Your program waited in {busy.blocked.name} for an earlier client, and had not accepted this one."


@detects(29, Strength.SHOWN)
def idle_client(reading: Reading) -> str | None:
    """A client waits to be accepted while the program waits for one that says nothing."""
    busy = _busy_with(reading)
    if busy is None or busy.blocked is None or busy.sent:
        return None
    return f"Your program waited in {busy.blocked.name} for a client that sends nothing, and had not accepted this one."


def _closed_early(reading: Reading) -> bool:
    """Whether the listener was closed while an accepted connection went on, or accept was called on it afterwards."""
    for life in reading.lives:
        closed = life.closed if life.stream and life.did("listen") else None
        if closed is None or not life.did("accept"):
            continue
        moved = (call for call in reading.calls if call.name in RECEIVES | SENDS and call.process == closed.process)
        if any(call.started > closed.started for call in (*moved, *life.tried("accept"))):
            return True
    return any(call.name == "accept" and call.error == "EBADF" for call in reading.calls) and bool(reading.accepted)


@detects(30, Strength.PROVED)
def listener_closed(reading: Reading) -> str | None:
    """The listening socket is closed with the first client, and the next one is refused."""
    refused = reading.failed.outcome in (Outcome.REFUSED, Outcome.CRASH, Outcome.EXIT, Outcome.RESET)
    if not reading.server or not (refused or reading.wanted_flow) or not _closed_early(reading):
        return None
    return "The listening socket was closed after an accept, while there was still a client to serve."


@detects(31, Strength.PROVED)
def reset_kills(reading: Reading) -> str | None:
    """A client's reset, met in a call that receives, ends the server."""
    crash = reading.crash
    if not reading.server or crash is None or crash.name not in RECEIVES | {"accept"}:
        return None
    if crash.error not in ("ECONNRESET", "ECONNABORTED"):
        return None
    return f"A client aborted its connection. {crash.name} raised {crash.error}, and that ended your server."
