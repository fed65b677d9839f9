"""The ladder as a picture: SVG that needs nothing outside itself.

Owns geometry, strokes and colours. Colours are JupyterLab's variables with fallbacks, text is the page's own colour, so
the picture is readable on a dark page, a light one and white paper; nothing is told by colour alone. Must not know how
the rows came to be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from autograder.exchange import Exchange
from autograder.ladder.captions import broken
from autograder.ladder.layout import layout
from autograder.ladder.rows import Arrow, Entry, Layout, Row
from autograder.ladder.strokes import LINE, PAD, TOP, Frame, arrow_strokes, line, text

CHARACTER = 7.9
"""The width of one character at 13 px in the widest of the fonts named in STYLE."""

NUMBERS, BETWEEN, MARGIN = 68, 190, 14
"""Pixels: the column of line numbers, the room between the life lines, from a life line to its captions."""

WIDEST = (34, 41)
"""Characters of the widest caption at the left and at the right; longer ones are broken."""

STYLE = """
#ID{max-width:100%;height:auto;color:var(--jp-ui-font-color1,currentColor)}
#ID text{font:13px var(--jp-code-font-family,ui-monospace),Menlo,Consolas,"DejaVu Sans Mono",monospace}
#ID text{fill:currentColor}
#ID .l-name{font-weight:700}
#ID .l-dim{opacity:.72;font-size:11.5px}
#ID .l-note{opacity:.8;font-style:italic}
#ID .l-bad{fill:var(--jp-error-color1,#d6403a);font-weight:700}
#ID .l-label{font-size:11.5px}
#ID .l-life{stroke:currentColor;stroke-opacity:.45;stroke-width:1.5}
#ID .l-cut{stroke-dasharray:1.5 5}
#ID .l-wait{stroke:var(--jp-warn-color0,#b8720a);stroke-width:5;stroke-dasharray:2 4}
#ID .l-box{fill:none;stroke:currentColor;stroke-opacity:.45}
#ID .l-failed{fill:var(--jp-error-color1,#d6403a);fill-opacity:.1;stroke:var(--jp-error-color1,#d6403a)}
#ID .l-blocked{fill:var(--jp-warn-color0,#b8720a);fill-opacity:.1;stroke:var(--jp-warn-color0,#b8720a)}
#ID .l-blocked{stroke-dasharray:2 3}
#ID .l-arrow{fill:none;stroke:currentColor;stroke-width:1.5}
#ID .l-tip{fill:currentColor;stroke:none}
#ID .l-data,#ID .l-datagram{color:var(--jp-brand-color1,#2a7ad4)}
#ID .l-datagram .l-arrow{stroke-dasharray:1.5 3.5;stroke-linecap:round}
#ID .l-end .l-arrow{stroke-dasharray:7 4}
#ID .l-reset{color:var(--jp-error-color1,#d6403a)}
#ID .l-reset .l-arrow{stroke-width:3}
#ID .l-stub{stroke-dasharray:1.5 3.5}
"""
"""Solid: a connection and its bytes. Dashes: FIN. Dots: a datagram, what is left out of an arrow. Thick: RST."""


def svg(exchange: Exchange) -> str:
    """The ladder as one `<svg>` element, at most as wide as the page; its text alternative says how it ends."""
    laid = layout(exchange)
    cells = [_cells(row, number, laid.arrows) for number, row in enumerate(laid.rows)]
    frame = _frame(laid, cells)
    body = "".join(
        [
            *_life_lines(laid, frame),
            *_captions(laid, cells, frame),
            *(arrow_strokes(arrow, laid, frame) for arrow in laid.arrows),
        ]
    )
    name = "ladder-" + hashlib.sha256((laid.summary + body).encode()).hexdigest()[:12]
    title = f"{laid.left} and its reference {laid.right}, call by call"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" role="img" aria-label="{escape(laid.summary)}"'
        f' viewBox="0 0 {frame.width:g} {frame.height:g}" width="{frame.width:g}" height="{frame.height:g}">'
        f"<title>{escape(title)}</title><desc>{escape(laid.summary)}</desc>"
        f"<style>{STYLE.replace('ID', name)}</style>{body}</svg>"
    )


Cells = tuple[list[str], list[str]]


def _cells(row: Row, number: int, arrows: tuple[Arrow, ...]) -> Cells:
    """The lines of text at the left and at the right of one row."""
    left = _lines(row.left, WIDEST[0], beside=row.right is not None)
    right = _lines(row.right, WIDEST[1], beside=False)
    for arrow in arrows:
        if arrow.tail == number and arrow.head is None and arrow.note:
            if arrow.rightwards and row.right is None:
                right = [arrow.note]
            elif not arrow.rightwards and row.left is None:
                left = [arrow.note]
    return left, right


def _lines(entry: Entry | None, width: int, *, beside: bool) -> list[str]:
    if entry is None:
        return []
    lane = f"{entry.lane}: " if entry.lane and not beside else ""
    return broken(lane + entry.text, width)


def _frame(laid: Layout, cells: list[Cells]) -> Frame:
    def room(side: int, name: str) -> float:
        return max([len(line) for cell in cells for line in cell[side]] + [len(name), 22]) * CHARACTER + MARGIN

    left = NUMBERS + room(0, laid.left)
    right = left + BETWEEN
    tops, top = [], float(TOP)
    for cell in cells:
        tops.append(top)
        top += max(len(cell[0]), len(cell[1]), 1) * LINE + PAD
    return Frame(round(left), round(right), round(right + room(1, laid.right) + 10), tuple(tops), top + 14)


def _life_lines(laid: Layout, frame: Frame) -> Iterator[str]:
    for x, name, role in ((frame.left, laid.left, "your program"), (frame.right, laid.right, "the reference")):
        anchor, shift = ("end", -MARGIN) if x == frame.left else ("start", MARGIN)
        yield text(x + shift, 18, name, "name", anchor) + text(x + shift, 33, role, "dim", anchor)
        yield f'<circle cx="{x:g}" cy="14" r="4" class="l-box"/>'
        gaps = [number for number, row in enumerate(laid.rows) if row.gap]
        for above, below in pairwise([18, *(y for gap in gaps for y in _edges(gap, frame)), frame.height - 6]):
            in_gap = any(above == _edges(gap, frame)[0] for gap in gaps)
            yield line(x, above, x, below, "life l-cut" if in_gap else "life")
    for wait in laid.waits:
        x = frame.left if wait.left else frame.right
        start = frame.middle(wait.start) + (12 if wait.start < wait.end else -8)
        yield line(x, start, x, frame.middle(wait.end) + 10, "wait")


def _edges(row: int, frame: Frame) -> tuple[float, float]:
    return frame.tops[row], frame.tops[row] + LINE + PAD


def _captions(laid: Layout, cells: list[Cells], frame: Frame) -> Iterator[str]:
    for number, (row, (left, right)) in enumerate(zip(laid.rows, cells, strict=True)):
        y = frame.middle(number) + 4
        if row.gap:
            yield text((frame.left + frame.right) / 2, y, row.gap, "label", "middle")
            yield text(frame.right + MARGIN, y, row.counts, "note")
        if row.left and row.left.line:
            yield text(4, y, f"line {row.left.line}", "dim")
        yield _band(row.left, left, number, frame) + _band(row.right, right, number, frame, at_right=True)
        for height, words in enumerate(left):
            yield text(frame.left - MARGIN, y + height * LINE, words.strip(), _style(row.left), "end")
        for height, words in enumerate(right):
            yield text(frame.right + MARGIN, y + height * LINE, words, _style(row.right))


def _band(entry: Entry | None, lines: list[str], number: int, frame: Frame, *, at_right: bool = False) -> str:
    """A box around what is blocked or has failed."""
    if entry is None or entry.mark not in ("blocked", "failed"):
        return ""
    width = max(map(len, lines)) * CHARACTER + 12
    x = frame.right + MARGIN - 6 if at_right else frame.left - MARGIN + 6 - width
    return (
        f'<rect x="{x:g}" y="{frame.tops[number] - 1:g}" width="{width:g}" height="{len(lines) * LINE + PAD - 2:g}"'
        f' rx="3" class="l-{entry.mark}"/>'
    )


def _style(entry: Entry | None) -> str:
    if entry is None:
        return "note"
    return "bad" if entry.mark in ("error", "failed") else "name" if entry.mark == "blocked" else ""
