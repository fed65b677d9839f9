"""Mistakes with text and bytes: 67 to 69."""

from __future__ import annotations

import ast
import re

from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.reading import Reading

ENDS = ("\r\n", "\n", "\r")
"""Line ends that may be left on a text."""


def why_no_text(data: bytes, codec: str) -> str:
    """Why bytes are not text in a codec; "" if they are, if only their end is missing, or if there is no such codec."""
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        return "" if error.reason == "unexpected end of data" else error.reason
    except LookupError:
        return ""
    return ""


@detects(67, Strength.PROVED)
def decoded_no_text(reading: Reading) -> str | None:
    """The program decoded bytes that are no text in that codec, and that ended it."""
    told = re.match(r"UnicodeDecodeError: '([\w-]+)' codec can't decode", reading.exception)
    talk = reading.talk
    if told is None or talk is None or not why_no_text(talk.message or b"", told[1]):
        return None
    return f"The bytes that came are not text in {told[1]}: {reading.exception}."


def _differing(reading: Reading) -> list[tuple[object, object]]:
    return [pair for pair in reading.values if type(pair[0]) is not type(pair[1]) or pair[0] != pair[1]]


@detects(68, Strength.PROVED)
def bytes_or_text(reading: Reading) -> str | None:
    """The value returned is bytes where text was expected, or the other way round, with the same content."""
    pairs = _differing(reading) if not reading.server else []
    if not pairs or not all(_same_content(*pair) for pair in pairs):
        return None
    expected, received = pairs[0]
    if type(expected) is type(received):
        return "The text returned is bytes written out, with b and quotes: str() was called on bytes."
    wanted, came = ("text (str)", "bytes") if isinstance(expected, str) else ("bytes", "text (str)")
    return f"Expected was {wanted}, and {came} came with the same content."


def _same_content(expected: object, received: object) -> bool:
    """Whether one is text and the other bytes, or bytes written out, of the same content but for a line end."""
    if isinstance(expected, str) and isinstance(received, str) and received[:1] == "b":
        try:
            received = ast.literal_eval(received)
        except (ValueError, SyntaxError):
            return False
    if isinstance(expected, bytes) and isinstance(received, str):
        expected, received = received, expected
    if not isinstance(expected, str) or not isinstance(received, bytes):
        return False
    return expected.rstrip("\r\n").encode("utf-8", "surrogatepass") == received.rstrip(b"\r\n")


@detects(69, Strength.PROVED)
def line_end_kept(reading: Reading) -> str | None:
    """The text returned is the expected one with its line end."""
    pairs = _differing(reading)
    for expected, received in pairs[:1] if len(pairs) == 1 else ():
        for end in ENDS if isinstance(expected, str) and isinstance(received, str) else ():
            if received == f"{expected}{end}":
                return f"The text is right, and {end!r} stands at its end."
    return None
