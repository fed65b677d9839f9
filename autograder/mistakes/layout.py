"""The layout of numbers in bytes: what a message looks like with its fields reversed, padded or miscounted.

Owns the comparing of two byte strings field by field, and the finding of byte orders in a function's text. Must not
know about exchanges or mistakes.
"""

from __future__ import annotations

import ast
import struct
import textwrap

SIZES = (1, 2, 4, 8)
"""Sizes in bytes of struct's integer fields."""

CONVERTS = frozenset({"htons", "htonl", "ntohs", "ntohl"})
PACKS = frozenset({"pack", "pack_into", "unpack", "unpack_from", "iter_unpack", "Struct", "to_bytes", "from_bytes"})


def reversed_fields(expected: bytes, received: bytes) -> bool:
    """Whether the received bytes are the expected ones, cut into fields of these sizes, each field reversed."""
    if expected == received or len(expected) != len(received):
        return False
    reached = {0}
    for at in range(len(expected)):
        if at in reached:
            reached |= {at + size for size in SIZES if received[at : at + size] == expected[at : at + size][::-1]}
    return len(expected) in reached


def number_swapped(expected: int, received: int) -> bool:
    """Whether one number is the other, in 2, 4 or 8 bytes, with its bytes reversed."""
    if expected == received or expected < 0 or received < 0:
        return False
    fitting = [size for size in SIZES[1:] if expected < 256**size and received < 256**size]
    return any(expected.to_bytes(size, "big") == received.to_bytes(size, "little") for size in fitting)


def padded(expected: bytes, received: bytes, start: int = 0) -> bool:
    """Whether the received bytes are the expected fields, each at a multiple of its size, zeros before it.

    That is what struct's native alignment does. The fields are in either byte order. Both begin at offset `start` of
    their message. Zeros at the beginning or at the end are no padding.
    """
    reached = {(0, 0, False)}  # offsets in both, and whether padding was met
    for at in range(len(expected)):
        for _, other, met in sorted(state for state in reached if state[0] == at):
            for size in SIZES:
                gap = -(start + other) % size
                begin = other + gap
                field, here = expected[at : at + size], received[begin : begin + size]
                if len(field) == size and here in (field, field[::-1]) and not any(received[other:begin]):
                    reached.add((at + size, begin + size, met or (gap > 0 and other > 0)))
    return (len(expected), len(received), True) in reached


def frame_length(expected: bytes, received: bytes) -> tuple[int, int] | None:
    """The right and the wrong length, in bytes and in characters, if that is all that two framed texts differ in.

    A frame has somewhere before its text, which is the end of it, a number of 1, 2, 4 or 8 bytes in network order.
    """
    if not received or len(expected) != len(received) or expected == received:
        return None
    differs = [at for at, (one, other) in enumerate(zip(expected, received, strict=True)) if one != other]
    for size in SIZES:
        begin = differs[-1] + 1 - size
        if begin < 0 or differs[0] < begin:
            continue
        right, wrong = (int.from_bytes(data[begin : begin + size], "big") for data in (expected, received))
        text = expected[len(expected) - right :] if right <= len(expected) - begin - size else b""
        if text and _characters(text) == wrong:
            return right, wrong
    return None


def _characters(text: bytes) -> int | None:
    try:
        return len(text.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def orders(source: str) -> tuple[str, str] | None:
    """A conversion that a function calls, and a call that packs or unpacks in network order, if it has both."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return None
    converts = sorted({_name(call) for call in calls} & CONVERTS)
    packs = [_name(call) for call in calls if _name(call) in PACKS and any(map(_network, _arguments(call)))]
    return (converts[0], packs[0]) if converts and packs else None


def formats(source: str) -> list[str]:
    """The formats of struct that a piece of a program's text writes out where it packs or unpacks."""
    try:
        calls = [node for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []
    words = [argument.value for call in calls if _name(call) in PACKS for argument in _arguments(call)[:1]
             if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]  # fmt: skip
    return [word for word in words if taken(word) is not None]


def taken(layout: str) -> int | None:
    """Bytes that a format of struct takes; None if it is none."""
    try:
        return struct.calcsize(layout)
    except struct.error:
        return None


def aligned(layout: str) -> bool:
    """Whether struct pads this format: it names no byte order."""
    return not layout.strip().startswith(("!", "<", ">", "="))


def unpadded(layout: str) -> int | None:
    """Bytes that the fields of a native format take by themselves, without what struct puts between them."""
    return taken("=" + layout.strip().removeprefix("@"))


def _name(call: ast.Call) -> str:
    """The last name of what is called: "pack" of `struct.pack`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _network(argument: ast.expr) -> bool:
    value = argument.value if isinstance(argument, ast.Constant) else None
    return isinstance(value, str) and (value == "big" or value.startswith(("!", ">")))
