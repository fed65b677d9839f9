"""The difference between the bytes a step expected and those it received: where it begins, and how to see it.

Owns the comparison, its sentence, and the rows of text and hex around the first difference. Must not know about
exchanges, colours or markup.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.words import quantity

ROW = 16
"""Bytes in a row of hex."""

BEFORE, AFTER = 18, 26
"""Columns of text before and from the first difference, so that a row stays within 78."""


@dataclass(frozen=True)
class Difference:
    """Expected and received bytes; `at` is the offset of the first byte that differs, None where none does."""

    expected: bytes
    received: bytes
    at: int | None

    @property
    def sentence(self) -> str:
        """What kind of difference it is, in words."""
        return _sentence(self)


def difference(expected: bytes, received: bytes) -> Difference:
    """Compare; the end of the shorter one counts as a difference."""
    if expected == received:
        return Difference(expected, received, None)
    shorter = min(len(expected), len(received))
    if expected[:shorter] == received[:shorter]:
        return Difference(expected, received, shorter)
    low, high = 0, shorter  # the first difference lies in [low, high): halved, since there may be millions of bytes
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if expected[low:middle] == received[low:middle] else (low, middle)
    return Difference(expected, received, low)


def _sentence(found: Difference) -> str:
    expected, received, at = found.expected, found.received, found.at
    if at is None:
        return "The bytes are the same."
    if not received:
        return f"None of the {quantity(len(expected))} came." if len(expected) > 1 else "The byte did not come."
    if not expected:
        return f"No byte was expected, and {quantity(len(received))} came."
    if at == len(received):
        missing = len(expected) - at
        return f"The first {quantity(at)} are right, then {quantity(missing)} {_are(missing)} missing."
    if at == len(expected):
        more = len(received) - at
        return f"All {quantity(at)} expected are there, and then {quantity(more)} too many."
    return _arranged(expected, received) or f"Byte {at:,} (counted from 0) is the first that differs."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _arranged(expected: bytes, received: bytes) -> str:
    """A difference that is only one of order: the whole reversed, or each group of 2, 4 or 8."""
    if received == expected[::-1]:
        return f"These are the {quantity(len(expected))} expected, in reverse order."
    for size in (2, 4, 8):
        if len(expected) == len(received) and len(expected) % size == 0:
            groups = (expected[start : start + size][::-1] for start in range(0, len(expected), size))
            if b"".join(groups) == received:
                return f"Each group of {size} bytes is in reverse order."
    return ""


def text_rows(found: Difference) -> list[str]:
    """Expected and received as Python writes bytes, around the first difference, which has a caret under it."""
    at = found.at or 0
    start = at - len(_fitting(found.expected[:at][::-1], BEFORE))
    width = max(len(quantity(len(found.expected))), len(quantity(len(found.received))))
    lines, caret = [], 0
    for name, data in (("expected", found.expected), ("received", found.received)):
        head = f"{name}  {quantity(len(data)):>{width}}  {'…' if start else ''}b'"
        caret = len(head) + len("".join(_spelled(byte) for byte in data[start:at]))
        after = _fitting(data[at:], AFTER)
        shown = "".join(_spelled(byte) for byte in data[start:at]) + "".join(after)
        lines.append(f"{head}{shown}'{'…' if len(data) > at + len(after) else ''}")
    if found.at is not None:
        lines.append(" " * caret + "^ first difference")
    return lines


def _fitting(data: bytes, columns: int) -> list[str]:
    """The first bytes of `data`, spelled, as many as fit."""
    cells: list[str] = []
    for byte in data[:columns]:
        cells.append(_spelled(byte))
        columns -= len(cells[-1])
        if columns < 0:
            return cells[:-1]
    return cells


def _spelled(byte: int) -> str:
    """One byte as it stands in a bytes literal."""
    return repr(bytes([byte]))[2:-1] if byte != ord("'") else "\\'"


def value_rows(expected: str, received: str) -> list[str]:
    """Two values as Python writes them, around the first character that differs, which has a caret under it."""
    pairs = zip(expected, received, strict=False)
    at = next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(expected), len(received)))
    start = max(0, at - BEFORE) if at > 40 else 0
    before, end = "…" if start else "", at + AFTER
    lines = [
        f"{name}  {before}{value[start:end]}{'…' if len(value) > end else ''}"
        for name, value in (("expected", expected), ("received", received))
    ]
    return lines if expected == received else [*lines, " " * (10 + len(before) + at - start) + "^ first difference"]


def hex_rows(found: Difference) -> list[str]:
    """Rows of 16 bytes in hex, offsets at their left: the row of the first difference and one before and after."""
    at = found.at or 0
    first, after = max(0, at // ROW - 1) * ROW, (at // ROW + 2) * ROW
    longest = max(len(found.expected), len(found.received))
    lines = ["offset" + " " * 14 + " ".join(f"{column:2x}" for column in range(ROW))]
    for start in range(first, min(longest, after), ROW):
        lines.append(f"{start:08x}  expected  {_hex(found.expected, start)}".rstrip())
        lines.append(f"{'':8}  received  {_hex(found.received, start)}".rstrip())
        if found.at is not None and start <= at < start + ROW:
            lines.append(" " * (20 + 3 * (at - start)) + "^^")
    return lines


def _hex(data: bytes, start: int) -> str:
    return data[start : start + ROW].hex(" ") or "–"
