"""Words: how amounts, bytes, outcomes and exit statuses are said to a student.

Owns the spelling shared by the ladder, the feedback and the detectors, and the making harmless of text that a
student's program wrote. Must not know where the text goes (terminal, page or picture).
"""

from __future__ import annotations

import re
import signal
import unicodedata

from autograder.exchange import Outcome, Step

INSTEAD: dict[Outcome, str] = {
    Outcome.DATA: "other bytes came",
    Outcome.EOF: "the connection was closed (end of file)",
    Outcome.RESET: "the connection was reset",
    Outcome.REFUSED: "the connection was refused",
    Outcome.SILENCE: "nothing came",
    Outcome.TIMEOUT: "it had not happened by the deadline",
    Outcome.CRASH: "your program crashed",
    Outcome.EXIT: "your program had ended",
    Outcome.SPINNING: "your program is running in circles without waiting",
    Outcome.VALUE: "another value was returned",
    Outcome.ERROR: "an error came",
}
"""What a step may meet instead of what it asked for, as the end of a sentence."""


EXPLAINED = frozenset({"expects silence", "half-closes", "aborts"})
"""Steps whose words go on after a colon to say what that means."""


LOSES = " and loses it: it answers nothing"
"""How a step ends whose datagram counts as lost; whether it came is another question."""


def claim(step: Step) -> str:
    """A step's words, without what explains them: `expects silence`."""
    words, _, _ = step.text.partition(": ")
    return words if words in EXPLAINED else step.text.removesuffix(LOSES)


def instead(step: Step) -> str:
    """What came instead of what a failed step asked for, to end a sentence; "" where its detail says it better."""
    met, verb = step.outcome, step.text.partition(" ")[0]
    if step.text.startswith("reads until the end") and met in (Outcome.SILENCE, Outcome.TIMEOUT):
        return "the end never came"
    if step.received and met in (Outcome.SILENCE, Outcome.TIMEOUT, Outcome.EOF):
        end = ", then the connection was closed" if met is Outcome.EOF else ""
        return f"only {quantity(len(step.received))} came{end}" if step.expected else "more came"
    if met is Outcome.DATA and step.expected is None and step.received is not None:
        return f"{quantity(len(step.received))} came" if step.received else "an empty datagram came"
    if met is Outcome.SILENCE and step.expected is None:
        if verb == "sends":
            return "your program stopped reading"
        if step.text.startswith("expects that the function returns"):
            return "it never returned"
        return "" if step.actor in ("check", "program") else "nothing happened"
    return "" if met is Outcome.DONE else INSTEAD[met]


SHOWN = 256
"""Of more bytes than this only the number is told; their beginning says nothing about them."""


def quantity(number: int, noun: str = "byte") -> str:
    """A number with its noun: `1 byte`, `6,000,000 bytes`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def literal(data: bytes, size: int, most: int = 16) -> str:
    """Bytes as Python writes them; of more than `most` (or of more than `data` holds) the size and the beginning."""
    if size == len(data) <= most:
        return repr(data)
    if not data or size > SHOWN:
        return quantity(size)
    start = data[: most - 6]
    while len(repr(start)) > most + 2 and len(start) > 2:
        start = start[:-1]
    whole = repr(start)
    return f"{quantity(size)} {whole[:-1]}…{whole[-1]}"


def printable(text: str, *, keep: str = "") -> str:
    """Text with every control, format and unassigned character (but those in `keep`) written as an escape."""
    return "".join(
        character if character in keep or not _hidden(character) else _escape(character) for character in text
    )


def _hidden(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
"""A terminal's colour and cursor sequences, which are dropped from what a program printed."""


def output(text: str, lines: int = 12, columns: int = 160) -> str:
    """The end of what a program printed: at most `lines` lines of `columns` characters, made harmless."""
    kept = ANSI.sub("", text).replace("\r\n", "\n").rstrip("\n").split("\n")
    shown = [printable(line.expandtabs(4)) for line in kept[-lines:]]
    shown = [line if len(line) <= columns else line[: columns - 1] + "…" for line in shown]
    left_out = len(kept) - len(shown)
    return "\n".join(([f"… {quantity(left_out, 'line')} before this …"] if left_out else []) + shown)


def exit_status(status: int) -> str:
    """An exit status in words: `exit status 1 (an error)`, `ended by the signal SIGKILL (9)`."""
    if status >= 0:
        return f"exit status {status} ({'no error' if status == 0 else 'an error'})"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        return f"ended by signal {-status}"
    return f"ended by the signal {name} ({-status})"
