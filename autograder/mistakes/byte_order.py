"""Mistakes with byte order and the layout of numbers: 7 to 14."""

from __future__ import annotations

import ast
import re

from autograder.exchange import Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.layout import (
    aligned,
    formats,
    frame_length,
    number_swapped,
    orders,
    padded,
    reversed_fields,
    taken,
    unpadded,
)
from autograder.mistakes.reading import Reading, swapped

EPOCH = 2_208_988_800
"""Seconds from 1900-01-01 to 1970-01-01 (RFC 868)."""

LONGEST = 64
"""Bytes of a packed message that are compared field by field; longer ones are not made of numbers."""

_SIGNED = re.compile(r"'[bhilq]' format requires|\b(byte|short|int|long) format requires")


def _hex(data: bytes) -> str:
    return data.hex(" ")


def _numbers_swapped(reading: Reading) -> tuple[int, int] | None:
    """The first pair of numbers that differs, if every one that does is the other with its bytes reversed."""
    pairs = reading.numbers
    if not all(one == other or _swapped_time(one, other) for one, other in pairs):
        return None
    return next(((one, other) for one, other in pairs if one != other), None)


def _swapped_time(expected: int, received: int) -> bool:
    """Whether one is the other with its bytes reversed, perhaps before the years from 1900 to 1970 were taken off."""
    return any(number_swapped(expected + epoch, received + epoch) for epoch in (0, EPOCH))


def _reversal(reading: Reading) -> str | None:
    """What came with its bytes in the other order."""
    expected, received = reading.expected, reading.received
    text = expected.isascii() and expected.decode("ascii", "replace").isprintable()
    numbers = 0 < len(expected) <= LONGEST and (reading.exchange.role == "function" or not text)
    if numbers and reversed_fields(expected, received):
        return f"Expected were the bytes {_hex(expected)}, and {_hex(received)} came: the same in another order."
    if (pair := _numbers_swapped(reading)) is not None:
        return f"Expected was {pair[0]}, and {pair[1]} came: the same bytes in the other order."
    return None


@detects(7, Strength.SHOWN)
def native_order(reading: Reading) -> str | None:
    """Bytes, or a number, arrive in the order of a little-endian machine."""
    return None if orders(reading.exchange.source) else _reversal(reading)


@detects(8, Strength.PROVED)
def native_alignment(reading: Reading) -> str | None:
    """Zero bytes stand where struct's native mode pads a field."""
    expected, received = reading.expected, reading.received
    if not 0 < len(expected) < len(received) <= LONGEST:
        return None
    start = re.search(r"\[(\d+):\d*\]$", reading.failed.text.partition(" is ")[0])
    written = formats(reading.exchange.source)
    if (written and not any(map(aligned, written))) or not padded(expected, received, int(start[1]) if start else 0):
        return None
    return f"{len(received)} bytes came instead of {len(expected)}: zero bytes stand between the fields, as padding."


@detects(8, Strength.SHOWN)
def unpacks_padding(reading: Reading) -> str | None:
    """struct asks for more bytes than the whole message has: for its native format, those of the fields and padding."""
    needs, talk = reading.wanted_bytes, reading.talk
    if needs is None or talk is None or not 0 < talk.sent == talk.read < needs or not talk.saw_end:
        return None
    last = "".join(line.text.strip().rstrip(":") for line in reading.exchange.program.traceback[-1:])
    native = [one for one in {*formats(reading.exchange.source), *formats(last)} if aligned(one)]
    if not any(taken(one) == needs and unpadded(one) == talk.sent for one in native):
        return None  # a message that ends early is as short as one that is read with padding
    return f"The message has {talk.sent} bytes and all were read, but struct wanted {needs}: it counts padding."


@detects(9, Strength.FITS)
def double_swap(reading: Reading) -> str | None:
    """Bytes are reversed, which swapping twice does as well as never swapping; the function may do it twice."""
    source = reading.exchange.source
    return None if source and not re.search(r"\b(hton|ntoh|byteswap)", source) else _reversal(reading)


@detects(9, Strength.PROVED)
def swaps_twice(reading: Reading) -> str | None:
    """Bytes are reversed, and the function both converts numbers and names network order where it packs them."""
    names = orders(reading.exchange.source) if _reversal(reading) else None
    if names is None:
        return None
    return f"Your function calls {names[0]}, and {names[1]} in network order: together they swap the bytes twice."


@detects(10, Strength.PROVED)
def swapped_port(reading: Reading) -> str | None:
    """The port bound, or connected to, is the given one with its bytes swapped."""
    names = ("bind",) if reading.server else ("connect", "connect_ex", "sendto")
    wrong = reading.wrong_port(*names)
    given = reading.exchange.given
    if wrong is None or given is None or wrong[1] != swapped(given[1]):
        return None
    return f"{wrong[0].name} was called with the port that your function was given, but with its two bytes swapped."


@detects(11, Strength.PROVED)
def too_big(reading: Reading) -> str | None:
    """Python says that a number does not fit its field."""
    exception = reading.exception
    converts = re.match(r"OverflowError: .*(hto|nto|16-bit|32-bit|port must be)", exception)
    if converts or re.search(r"format requires 0 <= number", exception):
        return f"Python said so: {exception}."
    return None


@detects(11, Strength.SHOWN)
def overflow_unnoticed(reading: Reading) -> str | None:
    """A number that does not fit was to be refused, and was taken."""
    if reading.failed.outcome is Outcome.VALUE and "raises OverflowError" in reading.failed.text:
        return f"The number does not fit its field, and no OverflowError came. {reading.failed.detail}"
    return None


@detects(12, Strength.PROVED)
def signed(reading: Reading) -> str | None:
    """A number from the upper half of its range turned negative, or was refused as too big for a signed field."""
    if _SIGNED.search(reading.exception) and "0 <= number" not in reading.exception:
        return f"Python refused the number for a signed field: {reading.exception}."
    pairs = [(one, other) for one, other in reading.numbers if one != other]
    wraps = {256**size for size in (1, 2, 4, 8)}
    if pairs and all(other < 0 and one - other in wraps for one, other in pairs):
        one, other = pairs[0]
        bits = (one - other).bit_length() - 1
        return f"Expected was {one}, and {other} came: less by 2**{bits}, as {bits} bits give when read as signed."
    return None


@detects(13, Strength.PROVED)
def wrong_epoch(reading: Reading) -> str | None:
    """A time is off by exactly the seconds between 1900 and 1970."""
    for one, other in reading.numbers:
        if abs(other - one) in (EPOCH, 2**32 - EPOCH):
            side = "more" if other > one else "less"
            return f"The answer is {abs(other - one):,} {side} than expected, which is the seconds from 1900 to 1970."
    if len(reading.expected) == len(reading.received) == 4:
        one, other = (int.from_bytes(data, "big") for data in (reading.expected, reading.received))
        if (one - other) % 2**32 in (EPOCH, 2**32 - EPOCH):
            return f"The number sent is off by {EPOCH:,}, which is the seconds from 1900 to 1970."
    return None


@detects(14, Strength.PROVED)
def length_in_characters(reading: Reading) -> str | None:
    """A length is the number of characters of a text whose bytes are more, or a text was cut as if it were."""
    if (found := frame_length(reading.expected[:1024], reading.received[:1024])) is not None:
        return f"The length says {found[1]}, the number of characters; the text has {found[0]} bytes."
    if len(reading.expected) == len(reading.received) == 1:  # a length by itself; the step's words have the text
        pair = reading.expected[0], reading.received[0]
    else:
        pair = reading.numbers[0] if len(reading.numbers) == 1 else (0, 0)
    for text in _texts(reading.failed.text):
        if pair == (len(text.encode("utf-8", "surrogatepass")), len(text)) and pair[0] != pair[1]:
            return f"The length says {pair[1]}: {text!r} has {pair[1]} characters, and {pair[0]} bytes in UTF-8."
    return _text_too_long(reading)


def _text_too_long(reading: Reading) -> str | None:
    for one, other in reading.values:
        if isinstance(one, str) and isinstance(other, str) and other.startswith(one) and not one.isascii():
            size = len(one.encode("utf-8", "surrogatepass"))
            if len(other) == size:
                return f"The text has {len(one)} characters in {size} bytes, and {size} characters were taken."
    return None


def _texts(words: str) -> list[str]:
    """The string literals in a step's words."""
    found = []
    for literal in re.findall(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", words):
        try:
            found.append(ast.literal_eval(literal))
        except (ValueError, SyntaxError):
            continue
    return found
