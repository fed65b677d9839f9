"""The picture of one number as bytes: host and network order, `struct` formats, padding, the wrong reading.

Owns the arithmetic of that picture and its two forms, SVG and text; all of it is pure.
Must not know about widgets, sockets or exchanges.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from html import escape
from typing import Literal

from autograder.widgets.still import Picture

Order = Literal["little", "big"]

WIDTHS = (8, 16, 32, 64)
"""The widths that `struct` has a letter for, in bits."""

_LETTERS = {8: "B", 16: "H", 32: "I", 64: "Q"}
_FIELD = 1  # the 16-bit field that the padding rows put before the number


@dataclass(frozen=True)
class Layout:
    """What there is to draw of one number.

    `network` and `host` are its bytes, `wrong` what they say read in the other order, `other` what the same
    bits say read with the other signedness. `letter` is its letter in `struct`. `packed` and `native` are a
    16-bit 1 and then the number, under `!` and under `@`; None is a padding byte.
    """

    value: int
    width: int
    signed: bool
    byte_order: Order
    letter: str
    network: bytes
    host: bytes
    wrong: int
    other: int
    packed: tuple[int | None, ...]
    native: tuple[int | None, ...]


def picture(number: int, width: int = 16, *, signed: bool = False, host: Order = sys.byteorder) -> Picture:
    """Draw a number of `width` bits as bytes.

    `host` is the byte order of the computer to draw, this one's unless told. Raises ValueError as `check`.
    """
    return draw(layout(number, width, signed=signed, host=host))


def draw(shown: Layout) -> Picture:
    """Both forms of one picture."""
    return Picture(_svg(shown), _text(shown))


def check(number: int, width: int, *, signed: bool) -> None:
    """Raise ValueError, in words for the learner, unless the number fits in that many bits."""
    if width not in WIDTHS:
        raise ValueError(f"There is no width of {width} bits here; choose 8, 16, 32 or 64.")
    low, high = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    if number < 0 and not signed:
        raise ValueError(f"{number} is negative, and unsigned numbers begin at 0. Tick “signed” to allow it.")
    if not low <= number <= high:
        kind = "signed" if signed else "unsigned"
        raise ValueError(f"{number} does not fit: {width} {kind} bits hold {low} to {high}.")


def layout(number: int, width: int = 16, *, signed: bool = False, host: Order = sys.byteorder) -> Layout:
    """The bytes and readings of one number. Raises ValueError if it does not fit (see `check`)."""
    check(number, width, signed=signed)
    size, letter = width // 8, _LETTERS[width].lower() if signed else _LETTERS[width]
    network, native = (number.to_bytes(size, order, signed=signed) for order in ("big", host))
    padding = struct.calcsize("@H" + letter) - 2 - size
    return Layout(
        value=number,
        width=width,
        signed=signed,
        byte_order=host,
        letter=letter,
        network=network,
        host=native,
        wrong=int.from_bytes(network, "little", signed=signed),
        other=int.from_bytes(network, "big", signed=not signed),
        packed=(*_FIELD.to_bytes(2, "big"), *network),
        native=(*_FIELD.to_bytes(2, host), *[None] * padding, *native),
    )


# ---- in words


def _hex(number: int, width: int) -> str:
    return f"0x{number & (1 << width) - 1:0{width // 4}X}"


def _headline(shown: Layout) -> str:
    return f"{shown.value} = {_hex(shown.value, shown.width)}"


def _kind(shown: Layout) -> str:
    return f"{shown.width} bits, {'signed' if shown.signed else 'unsigned'}"


def _wrong_reading(shown: Layout) -> str:
    if shown.width == 8:
        return "none: one byte has no order"
    if shown.wrong == shown.value:
        return f"{shown.value} again: this number reads the same both ways, so it can't show the mistake"
    return f"{shown.wrong} = {_hex(shown.wrong, shown.width)}"


def _formats(shown: Layout) -> tuple[str, str]:
    """The `struct` formats of the network row and of the host row."""
    mark = "<" if shown.byte_order == "little" else ">"
    return f"'!{shown.letter}' or '>{shown.letter}'", f"'{mark}{shown.letter}', here '={shown.letter}'"


def _padding(shown: Layout) -> str:
    count = shown.native.count(None)
    return f"{len(shown.native)} bytes, " + (f"{count} of them padding" if count else "no padding here")


def _dump(row: tuple[int | None, ...]) -> str:
    return " ".join("//" if byte is None else f"{byte:02X}" for byte in row)


def _text(shown: Layout) -> str:
    """One fact a line."""
    network, host = _formats(shown)
    rows = [
        ("network order", network, shown.network.hex(" ").upper()),
        (f"host order ({shown.byte_order})", host, shown.host.hex(" ").upper()),
        ("read the other way", "", _wrong_reading(shown)),
        ("after a 16-bit 1", f"'!H{shown.letter}'", _dump(shown.packed)),
        ("the same, native", f"'@H{shown.letter}'", f"{_dump(shown.native)}   {_padding(shown)}"),
    ]
    if shown.other != shown.value:
        rows.insert(3, (f"the same bits, {'un' if shown.signed else ''}signed", "", str(shown.other)))
    lines = [f"{_headline(shown)}, {_kind(shown)}"]
    lines += [f"{name:<26}{form:<18}{value}".rstrip() for name, form, value in rows]
    lines += [f"byte {byte:02X} is {byte:>3} or {byte:08b}" for byte in dict.fromkeys(shown.network)]
    return "\n".join(lines)


# ---- drawn

_LEFT, _CELL, _SMALL, _PAGE = 216, 76, 38, 840  # the SVG's own units

_STYLE = """
.byte-order{--ink0:#1f2328;--soft0:#59636e;--paper0:#fff;--line0:#818b98;--mark0:#0b5cad;--bad0:#a40e26;
 max-width:100%;height:auto;font-family:system-ui,sans-serif;font-size:13px}
@media (prefers-color-scheme:dark){.byte-order{--ink0:#f0f3f6;--soft0:#b1bac4;--paper0:#151b23;
 --line0:#8b949e;--mark0:#6cb6ff;--bad0:#ff9492}}
.byte-order{--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,var(--ink0)));
 --paper:var(--jp-layout-color1,var(--vscode-editor-background,var(--paper0)));
 --soft:var(--jp-content-font-color2,var(--soft0));--line:var(--jp-border-color0,var(--line0));
 --mark:var(--jp-content-link-color,var(--mark0));--bad:var(--jp-error-color1,var(--bad0))}
.byte-order text{fill:var(--ink)}
.byte-order .soft{fill:var(--soft);font-size:12px;font-weight:400}
.byte-order .mono{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}
.byte-order .mid{text-anchor:middle}
.byte-order .end{text-anchor:end}
.byte-order .name{font-weight:600;font-size:14px}
.byte-order .paper{fill:var(--paper);stroke:var(--line)}
.byte-order .cell{fill:var(--mark);stroke:var(--ink);stroke-width:1.2}
.byte-order .field{fill:none;stroke:var(--ink)}
.byte-order .hatch{fill:none;stroke:var(--ink);stroke-width:1}
.byte-order .cross{stroke:var(--mark);stroke-width:1.6;fill:none}
.byte-order .bad{fill:var(--bad);font-weight:600;font-size:18px}
.byte-order .rule{stroke:var(--line);stroke-dasharray:2 4}
""".strip()


def _label(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def _cells(data: bytes, y: int, ranks: list[int]) -> str:
    """One row of bytes with hex, decimal and binary; the deeper the tint, the more significant the byte."""
    drawn = []
    for place, (byte, rank) in enumerate(zip(data, ranks, strict=True)):
        x = _LEFT + place * _CELL
        tint = 0.08 + 0.26 * rank / max(len(data) - 1, 1)
        drawn += [
            f'<rect x="{x}" y="{y}" width="{_CELL}" height="60" class="cell" fill-opacity="{tint:.2f}"/>',
            f'<text x="{x + _CELL / 2:g}" y="{y + 24}" class="mono mid" font-size="20">{byte:02X}</text>',
            _label(x + _CELL / 2, y + 40, str(byte), "soft mono mid"),
            _label(x + _CELL / 2, y + 54, f"{byte:08b}", "soft mono mid"),
        ]
    return "".join(drawn)


def _crossing(shown: Layout, top: int, bottom: int) -> str:
    """Lines from each byte's place in network order to its place in host order."""
    size, drawn = len(shown.network), []
    for place in range(size):
        goal = size - 1 - place if shown.byte_order == "little" else place
        start, end = (_LEFT + (at + 0.5) * _CELL for at in (place, goal))
        drawn.append(f'<path class="cross" d="M{start:g} {top}L{end:g} {bottom}"/>')
    return "".join(drawn)


def _most_significant(shown: Layout) -> str:
    """The words under the host row's most significant byte, where there is more than one."""
    if len(shown.host) == 1:
        return ""
    if shown.byte_order == "big":
        return _label(_LEFT, 242, "most significant", "soft")
    return _label(_LEFT + len(shown.host) * _CELL, 242, "most significant", "soft end")


def _hatching(x: int, y: int) -> str:
    """Strokes that fill one small byte from its lower left to its upper right."""
    falling = "".join(f"M{x} {y + at}l{at} -{at}" for at in (10, 19))
    rising = ((at, min(28, _SMALL - at)) for at in range(0, _SMALL, 9))
    return falling + "".join(f"M{x + at} {y + 28}l{run} -{run}" for at, run in rising)


def _packed(row: tuple[int | None, ...], y: int) -> str:
    """One row of small bytes; padding is hatched and says nothing."""
    drawn = []
    for place, byte in enumerate(row):
        x = _LEFT + place * _SMALL
        drawn.append(f'<rect x="{x}" y="{y}" width="{_SMALL}" height="28" class="field"/>')
        if byte is None:
            drawn.append(f'<path class="hatch" d="{_hatching(x, y)}"/>')
        else:
            drawn.append(_label(x + _SMALL / 2, y + 19, f"{byte:02X}", "mono mid"))
    return "".join(drawn)


def _svg(shown: Layout) -> str:
    size = len(shown.network)
    falling, rising = list(range(size - 1, -1, -1)), list(range(size))
    network, host = _formats(shown)
    parts = [
        f'<text x="20" y="34" font-size="19" font-weight="600">{escape(_headline(shown))}'
        f'<tspan dx="16" class="soft">{_kind(shown)}</tspan></text>',
        _label(_LEFT, 62, "most significant" if size > 1 else "the only byte", "soft"),
        _label(20, 92, "network order", "name") + _label(20, 112, network, "soft mono"),
        _cells(shown.network, 70, falling) + _crossing(shown, 130, 166),
        _label(20, 188, f"host order, {shown.byte_order}-endian", "name"),
        _label(20, 208, host, "soft mono"),
        _cells(shown.host, 166, rising if shown.byte_order == "little" else falling),
        _most_significant(shown),
        _label(20, 276, "read the other way", "name"),
        _label(_LEFT, 276, _wrong_reading(shown), "mono bad" if shown.wrong != shown.value else "soft"),
    ]
    y = 276
    if shown.other != shown.value:
        y += 30
        parts.append(_label(20, y, f"same bits, {'un' if shown.signed else ''}signed", "name"))
        parts.append(_label(_LEFT, y, str(shown.other), "mono bad"))
    parts.append(f'<path class="rule" d="M20 {y + 20}H{_PAGE - 20}"/>')
    packed = f"{len(shown.packed)} bytes, never any padding"
    for mark, row, note in (("!", shown.packed, packed), ("@", shown.native, _padding(shown))):
        y += 46
        parts.append(_label(20, y, f"'{mark}H{shown.letter}'", "name mono"))
        parts.append(_label(96, y, "16-bit 1, number", "soft"))
        parts.append(_packed(row, y - 19))
        beside = len(row) <= 10
        y += 0 if beside else 28
        parts.append(_label(_LEFT + (len(row) * _SMALL + 14 if beside else 0), y, note, "soft"))
    return _frame(shown, "".join(parts), y + 26)


def _frame(shown: Layout, body: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="byte-order" role="img"'
        f' viewBox="0 0 {_PAGE} {height}" width="{_PAGE}" height="{height}">'
        f"<title>{escape(_headline(shown))} as bytes</title>"
        f"<desc>{escape(_text(shown))}</desc><style>{_STYLE}</style>"
        f'<rect x=".5" y=".5" width="{_PAGE - 1}" height="{height - 1}" rx="8" class="paper"/>{body}</svg>'
    )
