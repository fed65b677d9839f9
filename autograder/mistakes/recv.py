"""Mistakes with receiving from a stream: 44 to 54, and 64."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise

from autograder.exchange import STORED, Call, Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import RECEIVES, SENDS, Talk
from autograder.mistakes.reading import Reading, asked
from autograder.mistakes.text import why_no_text

EMPTY = 10
"""So many reads of b'' in a row are no accident; a buffered reader may well make two."""

BUFFER = 16
"""A read of fewer bytes than this is not a buffer's; a program that reads byte by byte fills each of its reads."""

MESSAGE = 1024
"""Bytes of a message in which another client's are looked for."""

GIANT = 1 << 30
"""No message of this course is as long as this, in bytes."""


def _stopped(reading: Reading, talk: Talk) -> Call | None:
    """The last read, if the program stopped there though neither the end had come nor all that was sent."""
    if not talk.data_reads or talk.saw_end or talk.blocked or talk.makefiles():
        return None
    stays = reading.wanted_silence and not talk.peer_ended
    return talk.data_reads[-1] if talk.read < talk.sent or stays else None


@detects(44, Strength.SHOWN)
def short_read(reading: Reading) -> str | None:
    """recv returned fewer bytes than it was asked for, and was not called again for the rest."""
    talk = reading.talk
    last = _stopped(reading, talk) if talk is not None else None
    if talk is None or last is None or not 0 < last.size < asked(last) or reading.answered:
        return None
    once = len(talk.data_reads) == 1 and talk.ended and not reading.exception
    if reading.exception.startswith("UnicodeDecodeError") or (reading.server and not once and not _missed(reading)):
        return None
    came = "1 byte" if last.size == 1 else f"{last.size:,} bytes"
    return f"{last.name}({asked(last)}) returned {came}, more were on their way, and it was not called for them again."


def _missed(reading: Reading) -> bool:
    """Whether the program's exception says that it had fewer bytes than it counted on."""
    return "unpack requires a buffer" in reading.exception or reading.exception.startswith("IndexError")


@detects(45, Strength.FITS)
def one_read_for_all(reading: Reading) -> str | None:
    """A server answers what one recv returned, more or less than a message, and closes while the client goes on."""
    last = _only_read(reading)
    if last is None or last.size == _first_message(reading) or (not reading.answered and last.size < asked(last)):
        return None
    return f"{last.name} was called once on this connection, then it was closed; the client had not ended its side."


@detects(64, Strength.FITS)
def closed_after_one(reading: Reading) -> str | None:
    """A server answers the first message, which one recv returned whole, and closes while the client goes on."""
    last, talk = _only_read(reading), reading.talk
    if last is None or talk is None or last.size != _first_message(reading) or not talk.written:
        return None
    if not reading.answered:
        return None
    return "Your program answered the first message and closed the connection; the client had not ended its side."


def _only_read(reading: Reading) -> Call | None:
    """The one read of a server that closed the connection after it, while the client went on."""
    talk = reading.talk
    last = _stopped(reading, talk) if talk is not None and reading.server else None
    once = talk is not None and len(talk.data_reads) == 1 and talk.closed and not reading.exception
    return last if once else None


def _first_message(reading: Reading) -> int | None:
    """Bytes of what the failed step's client sent in its first step."""
    actor = reading.failed.actor
    sent = (re.match(r"sends ([\d,]+) bytes?\b", step.text) for step in reading.exchange.steps if step.actor == actor)
    return next((int(found[1].replace(",", "")) for found in sent if found), None)


@detects(45, Strength.SHOWN)
def coalesced(reading: Reading) -> str | None:
    """One recv returned several lines, and only one answer was sent."""
    talk = reading.talk
    if talk is None or not talk.waits_for_more or not reading.received:
        return None
    last = talk.data_reads[-1]
    lines, answers = last.data.count(b"\n"), sum(call.started > last.started for call in talk.writes)
    fewer = reading.received.count(b"\r\n") < reading.expected.count(b"\r\n")
    rest_missing = reading.silent and reading.expected.startswith(reading.received)
    if lines < 2 or answers != 1 or not (rest_missing or (fewer and _ends_the_last(talk, last))):
        return None
    return f"One {last.name} returned {lines} lines together, and your program answered once."


def _ends_the_last(talk: Talk, last: Call) -> bool:
    """Whether a read brought whole lines, and the one before it left none unfinished."""
    before = talk.data_reads[-2].data if len(talk.data_reads) > 1 else b"\n"
    return last.data.endswith(b"\n") and before.endswith(b"\n")


@detects(46, Strength.FITS)
def tail_lost(reading: Reading) -> str | None:
    """One recv returned a line and the beginning of the next, and the next is never answered as a whole."""
    talk = reading.talk
    if talk is None or not reading.server or len(talk.data_reads) < 2 or not talk.waits_for_more:
        return None
    before, after = talk.data_reads[-2:]
    head = before.data.rpartition(b"\n")[2]
    if b"\n" not in before.data or not head or b"\n" not in after.data:
        return None
    rest = after.data.partition(b"\n")[0]
    if not (rest in reading.received and head + rest not in reading.received) and not _lacks(reading, head):
        return None
    return f"One {before.name} returned a whole line and the beginning of the next; that beginning was lost."


def _lacks(reading: Reading, part: bytes) -> bool:
    """Whether just these bytes are missing of what was expected, in whatever order the answer has them."""
    wanted, came = Counter(reading.expected), Counter(reading.received)
    return wanted - came == Counter(part) and not came - wanted


@detects(47, Strength.FITS)
def split_delimiter(reading: Reading) -> str | None:
    """One read ended between CR and LF, and the program goes on waiting for the end of the line."""
    talk = reading.talk
    if talk is None or not reading.silent or not talk.waits_for_more or len(talk.data_reads) < 2:
        return None
    before, after = talk.data_reads[-2:]
    if not before.data.endswith(b"\r") or not after.data.startswith(b"\n") or not talk.silent_since_reading:
        return None
    return "One read ended in \\r and the next began with \\n; your program still waits for the end of the line."


@detects(48, Strength.PROVED)
def end_ignored(reading: Reading) -> str | None:
    """recv returns b'' again and again, and the program calls it again each time."""
    for talk in reading.talks:
        ends = [call for call in talk.reads[-EMPTY:] if not call.size and 0 not in call.arguments[:1]]
        if reading.failed.outcome is Outcome.SPINNING and len(ends) == EMPTY:
            return f"{ends[-1].name} returned b'' (end of file), and your program called it again, and again."
    return None


@detects(49, Strength.FITS)
def full_read(reading: Reading) -> str | None:
    """A message exactly as long as the buffer was read, and the program waits for a shorter read."""
    talk = reading.talk
    if talk is None or not reading.silent or not talk.waits_for_more or not talk.silent_since_reading:
        return None
    size = asked(talk.data_reads[-1])
    if size < BUFFER or talk.data_reads[-1].size != size:
        return None
    return f"The message filled the last read of {size:,} bytes exactly; your program still waits for a shorter one."


@detects(50, Strength.FITS)
def reads_to_end(reading: Reading) -> str | None:
    """All has been read, and the program waits for more instead of answering, while the other side waits for it."""
    talk = reading.talk
    if talk is None or not reading.silent or not talk.waits_for_more or reading.received:
        return None
    if (reading.server and talk.writes) or not talk.silent_since_reading:
        return None
    if _reads_a_part(talk) or _sends_elsewhere(reading, talk.data_reads[-1]):
        return None
    if reading.server and _answers_in_its_loop(reading.exchange.source):
        return None
    if not reading.server and reading.shutdown_missing:  # that is 63
        return None
    return "Your program had read all that was sent and called recv for more; the other side was waiting for it."


def _answers_in_its_loop(source: str) -> bool:
    """Whether a program answers in the innermost loop that receives, or nowhere, as far as its text is known."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    if source and not _attributes(tree) & _ANSWERS:
        return True
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While | ast.For)]
    for loop in loops:
        inner = any(other is not loop and other in loops and _receives(other) for other in ast.walk(loop))
        if _receives(loop) and not inner and _attributes(loop) & _ANSWERS:
            return True
    return False


_ANSWERS = SENDS | {"write", "writelines", "sock_sendall"}


def _attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _receives(loop: ast.AST) -> bool:
    return any(name in RECEIVES or name.startswith("read") for name in _attributes(loop))


def _sends_elsewhere(reading: Reading, last: Call) -> bool:
    """Whether the thread that made the last read has sent something since, though not in this conversation."""
    own = (call for call in reading.calls if (call.process, call.thread) == (last.process, last.thread))
    return any(call.name in SENDS and call.started > last.started for call in own)


def _reads_a_part(talk: Talk) -> bool:
    """Whether the program asks for parts of a message, each of a size of its own, and not for whatever comes."""
    last, waiting = talk.data_reads[-1], talk.blocked
    return waiting is not None and last.size == asked(last) < BUFFER and asked(waiting) != asked(last)


@detects(51, Strength.PROVED)
def split_character(reading: Reading) -> str | None:
    """A character's bytes came in two reads, each decoded by itself."""
    talk = reading.talk
    if talk is None or not any(_cuts_character(*pair) for pair in pairwise([*talk.data_reads, None])):
        return None
    if why_no_text(talk.message or b"", "utf-8"):
        return None
    if reading.exception.startswith("UnicodeDecodeError"):
        return "One read ended in the middle of a character, and decoding it by itself failed."
    marks = ("\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}".encode())
    if marks[0] in reading.failed.received_value or marks[1] in reading.received:
        return "One read ended in the middle of a character, and its halves were decoded to \N{REPLACEMENT CHARACTER}."
    return None


def _cuts_character(before: Call | None, after: Call | None) -> bool:
    """Whether a read ends within a character that the next one completes, or would if it came."""
    try:
        (before.data if before else b"").decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and (after is None or after.data[:1] >= b"\x80")
    return False


@detects(52, Strength.FITS)
def mixed_clients(reading: Reading) -> str | None:
    """A client gets bytes that another one sent, together with its own."""
    talk = reading.talk
    if talk is None or not reading.server or not reading.received or reading.expected.startswith(reading.received):
        return None
    own = b"".join(call.data for call in talk.data_reads)
    others = [b"".join(call.data for call in other.data_reads) for other in reading.talks if other is not talk]
    for came in _as_sent(reading.received[:MESSAGE]):
        cuts = [(came[:size], came[size:]) for size in range(2, len(came) - 1)]
        strange = [part for part, rest in cuts if part not in own and rest in own]
        if any(part in theirs for part in strange for theirs in others):
            return "What came holds bytes that another client had sent, together with this client's own."
    return None


def _as_sent(answer: bytes) -> tuple[bytes, ...]:
    """What an answer may have been made of: the same bytes, or the same in reverse order or in the other case."""
    return answer, answer[::-1], answer.lower(), answer.upper()


@detects(53, Strength.SHOWN)
def buffer_without_limit(reading: Reading) -> str | None:
    """The program's memory has grown with what a client sent, in which no line ends."""
    for talk in reading.talks if reading.wanted_memory else ():
        endless = not any(b"\n" in call.data for call in talk.data_reads)
        if endless and talk.read > 2 * talk.written and talk.read > STORED:
            return f"Your program had read {talk.read:,} bytes without a line end from one client, and kept them."
    return None


@detects(54, Strength.PROVED)
def trusts_length(reading: Reading) -> str | None:
    """A read asks for as many bytes as a length in the message claims, however many."""
    for call in reading.calls:
        if call.name.startswith("recv") and asked(call) >= GIANT:
            return f"{call.name} was asked for {asked(call):,} bytes, as a length in the message claims."
    return None
