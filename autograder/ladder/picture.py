"""The ladder as a picture: SVG that needs nothing outside itself.

Owns geometry, strokes and colours. Colours are JupyterLab's variables with fallbacks, text is the page's own colour, so
the picture is readable on a dark page, a light one and white paper; nothing is told by colour alone. Must not know how
the rows came to be.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from autograder.exchange import Exchange
from autograder.ladder.captions import broken
from autograder.ladder.rows import Arrow, Entry, Layout, Row, layout

CHARACTER = 7.9
"""The width of one character at 13 px in the widest of the fonts named in STYLE."""

LINE, PAD, TOP = 17, 9, 46
"""Pixels: a line of text, the room around a row's lines, the room for the names."""

NUMBERS, BETWEEN, MARGIN = 52, 190, 14
"""Pixels: the column of line numbers, the room between the life lines, from a life line to its captions."""

FAR = 5
"""An arrow over more rows than this is drawn as its two ends, since a long slope crosses everything between."""

SLOPE = 7
"""Pixels that an arrow falls within one row: what crosses takes time."""

WIDEST = 34
"""Characters of the widest caption; longer ones are broken."""

STYLE = """
#ID{max-width:100%;height:auto;color:var(--jp-ui-font-color1,currentColor)}
#ID text{font:13px var(--jp-code-font-family,ui-monospace),Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:currentColor}
#ID .name{font-weight:700}
#ID .dim{opacity:.72;font-size:11.5px}
#ID .note{opacity:.8;font-style:italic}
#ID .bad{fill:var(--jp-error-color1,#d6403a);font-weight:700}
#ID .label{font-size:11.5px}
#ID .life{stroke:currentColor;stroke-opacity:.45;stroke-width:1.5}
#ID .wait{stroke:var(--jp-warn-color0,#b8720a);stroke-width:5;stroke-dasharray:2 4}
#ID .box{fill:none;stroke:currentColor;stroke-opacity:.45}
#ID .band{fill:var(--jp-error-color1,#d6403a);fill-opacity:.1;stroke:var(--jp-error-color1,#d6403a)}
#ID .arrow{fill:none;stroke:currentColor;stroke-width:1.5}
#ID .tip{fill:currentColor;stroke:none}
#ID .data,#ID .datagram{color:var(--jp-brand-color1,#2a7ad4)}
#ID .datagram .arrow{stroke-dasharray:1.5 3.5;stroke-linecap:round}
#ID .end .arrow{stroke-dasharray:7 4}
#ID .reset{color:var(--jp-error-color1,#d6403a)}
#ID .stub{stroke-dasharray:1.5 3.5}
"""
"""Solid: a connection and its bytes. Long dashes: FIN. Dots: a datagram, and ends drawn apart. A cross ends RST."""


@dataclass(frozen=True)
class Frame:
    """Where things are, in pixels: the two life lines, the width, each row's top, text lines and bottom."""

    left: float
    right: float
    width: float
    tops: tuple[float, ...]
    height: float

    def middle(self, row: int) -> float:
        """The height at which a row's first line of text and its arrow are."""
        return self.tops[row] + PAD / 2 + LINE / 2


def svg(exchange: Exchange) -> str:
    """The ladder as one `<svg>` element, at most as wide as the page; its text alternative says how it ends."""
    laid = layout(exchange)
    cells = [_cells(row, number, laid.arrows) for number, row in enumerate(laid.rows)]
    frame = _frame(laid, cells)
    body = "".join(
        [*_life_lines(laid, frame), *_captions(laid, cells, frame), *(_arrow(arrow, frame) for arrow in laid.arrows)]
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
    left, right = _lines(row.left, row.right is not None), _lines(row.right, False)
    for arrow in arrows:
        if arrow.tail == number and arrow.head is None and arrow.note:
            if arrow.rightwards and row.right is None:
                right = [arrow.note]
            elif not arrow.rightwards and row.left is None:
                left = [arrow.note]
    return left, right


def _lines(entry: Entry | None, beside: bool) -> list[str]:
    if entry is None:
        return []
    lane = f"{entry.lane}: " if entry.lane and not beside else ""
    return broken(lane + entry.text, WIDEST)


def _frame(laid: Layout, cells: list[Cells]) -> Frame:
    def room(side: int, name: str) -> float:
        return max([len(line) for cell in cells for line in cell[side]] + [len(name), 22]) * CHARACTER + MARGIN

    left = NUMBERS + room(0, laid.left)
    right = left + BETWEEN
    tops, top = [], float(TOP)
    for cell in cells:
        tops.append(top)
        top += max(len(cell[0]), len(cell[1]), 1) * LINE + PAD
    return Frame(round(left), round(right), round(right + room(1, laid.right) + 6), tuple(tops), top + 14)


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{style} xml:space="preserve">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{kind}"/>'


def _life_lines(laid: Layout, frame: Frame) -> Iterator[str]:
    for x, name, role in ((frame.left, laid.left, "your program"), (frame.right, laid.right, "the reference")):
        anchor, shift = ("end", -MARGIN) if x == frame.left else ("start", MARGIN)
        yield _text(x + shift, 18, name, "name", anchor) + _text(x + shift, 33, role, "dim", anchor)
        yield f'<circle cx="{x:g}" cy="14" r="4" class="box"/>' + _line(x, 18, x, frame.height - 6, "life")
    for wait in laid.waits:
        x = frame.left if wait.left else frame.right
        start = frame.middle(wait.start) + (12 if wait.start < wait.end else -8)
        yield _line(x, start, x, frame.middle(wait.end) + 10, "wait")


def _captions(laid: Layout, cells: list[Cells], frame: Frame) -> Iterator[str]:
    for number, (row, (left, right)) in enumerate(zip(laid.rows, cells, strict=True)):
        y = frame.middle(number) + 4
        if row.gap:
            yield _text((frame.left + frame.right) / 2, y, row.gap, "note", "middle")
        if row.left and row.left.line:
            yield _text(4, y, f"line {row.left.line}", "dim")
        if row.right and row.right.mark == "failed":
            yield (
                f'<rect x="{frame.right + MARGIN - 6:g}" y="{frame.tops[number]:g}" rx="3" class="band"'
                f' width="{frame.width - frame.right - MARGIN + 4:g}" height="{len(right) * LINE + PAD:g}"/>'
            )
        for height, words in enumerate(left):
            yield _text(frame.left - MARGIN, y + height * LINE, words.strip(), _style(row.left), "end")
        for height, words in enumerate(right):
            yield _text(frame.right + MARGIN, y + height * LINE, words, _style(row.right))


def _style(entry: Entry | None) -> str:
    if entry is None:
        return "note"
    return "bad" if entry.mark in ("error", "failed") else "name" if entry.mark == "blocked" else ""


def _arrow(arrow: Arrow, frame: Frame) -> str:
    start, end = (frame.left, frame.right) if arrow.rightwards else (frame.right, frame.left)
    ahead = 1 if arrow.rightwards else -1
    y = frame.middle(arrow.tail) - SLOPE / 2
    if arrow.head is None:
        stop = end - ahead * 12
        lost = f"M{stop:g} {y - 3:g}v12" if not arrow.note.startswith("refused") else _cross(stop, y + SLOPE / 2)
        drawn = _shaft(start, y, stop, y + SLOPE, tip=not arrow.note) + f'<path d="{lost}" class="arrow"/>' * bool(arrow.note)
        return _group(arrow, drawn + _label(arrow, (start + end) / 2, y - 2))
    below = frame.middle(arrow.head) + SLOPE / 2
    if arrow.head - arrow.tail > FAR:
        half = (start + end) / 2
        stub = f'<line x1="{half:g}" y1="{below:g}" x2="{half + ahead * 30:g}" y2="{below:g}" class="arrow stub"/>'
        drawn = stub + _shaft(half + ahead * 30, below, end, below)
        return _group(arrow, drawn + _label(arrow, half + ahead * 24, below - 5))
    share = 0.5 if arrow.head == arrow.tail else 0.72
    label_y = y + (below - y) * share - 6
    return _group(arrow, _shaft(start, y, end, below) + _label(arrow, start + (end - start) * share, label_y))


def _group(arrow: Arrow, drawn: str) -> str:
    return f'<g class="{arrow.kind}">{drawn}</g>'


def _label(arrow: Arrow, x: float, y: float) -> str:
    return _text(x, y, arrow.label, "label", "middle")


def _cross(x: float, y: float) -> str:
    return f"M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10"


def _shaft(x1: float, y1: float, x2: float, y2: float, *, tip: bool = True) -> str:
    """A line with an arrow's tip at its end."""
    line = _line(x1, y1, x2, y2, "arrow")
    if not tip:
        return line
    turn = math.degrees(math.atan2(y2 - y1, x2 - x1))
    return line + f'<path d="M0 0l-10 -4v8z" transform="translate({x2:g} {y2:g})rotate({turn:.1f})" class="tip"/>'
