"""Cuts: where a stream is cut into pieces, so that a read ends at an awkward place.

Owns the finding of these places. Each function gives the sizes in bytes of pieces that make up the data, as
`Connection.sends(data, pieces=…)` takes them. Must not send anything; everything here is a function of the bytes.
"""

from __future__ import annotations

from itertools import pairwise


def inside(data: bytes, part: bytes) -> list[int]:
    """Pieces that cut every occurrence of `part` after its first byte: a line end between its CR and its LF, say.

    Raises ValueError if `part` has fewer than 2 bytes or does not occur.
    """
    if len(part) < 2:
        raise ValueError(f"{part!r} cannot be cut: a part to cut inside of has at least 2 bytes")
    found = [place + 1 for place in range(len(data)) if data.startswith(part, place)]
    if not found:
        raise ValueError(f"{part!r} does not occur in the data, so it cannot be cut there")
    return after(data, *found)


def characters(data: bytes) -> list[int]:
    """Pieces that cut every character of several bytes after its first byte (UTF-8, RFC 3629 §3).

    Raises ValueError if the data is not UTF-8, or has no such character.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"the data is not UTF-8 (at byte {error.start}), so it has no characters to cut") from None
    found = [place + 1 for place, byte in enumerate(data) if byte >= 0xC0]
    if not found:
        raise ValueError("every character of the data has one byte, so none can be cut")
    return after(data, *found)


def after(data: bytes, *positions: int) -> list[int]:
    """Pieces that end after so many bytes of the data each, in whatever order the positions are given.

    Raises ValueError if there is no position, or one that is not inside the data.
    """
    if not positions:
        raise ValueError("say after how many bytes to cut")
    outside = [position for position in positions if not 0 < position < len(data)]
    if outside:
        raise ValueError(f"{outside[0]} is no place to cut {len(data)} bytes: it must be from 1 to {len(data) - 1}")
    places = [0, *sorted(set(positions)), len(data)]
    return [end - begin for begin, end in pairwise(places)]
