"""Strokes: the frame of the picture, and the lines, words and arrows drawn in it.

Owns where things are, in pixels, and how an arrow is drawn. Must not know about colours or how the rows came to be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from autograder.ladder.rows import Arrow, Layout

LINE, PAD, TOP = 17, 9, 46
"""Pixels: a line of text, the room around a row's lines, the room for the names."""

FAR = 5
"""An arrow over more rows than this is drawn as its two ends, since a long slope crosses everything between."""

SLOPE = 7
"""Pixels that an arrow falls within one row: what crosses takes time."""


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


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words at (x, y), made harmless; `anchor` says which end of them is there."""
    style = f' class="l-{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{style} xml:space="preserve">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight stroke."""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="l-{kind}"/>'


def arrow_strokes(arrow: Arrow, laid: Layout, frame: Frame) -> str:
    """One arrow with its label: straight where it can be, else as its two ends."""
    start, end = (frame.left, frame.right) if arrow.rightwards else (frame.right, frame.left)
    y = frame.middle(arrow.tail) - SLOPE / 2
    if arrow.head is None:
        return _group(arrow, _unnoticed(arrow, start, y, end), arrow.label(), (start + end) / 2, y - 2)
    if _apart(arrow, laid):
        return _leaving(arrow, laid, frame) + _arriving(arrow, laid, frame)
    below = frame.middle(arrow.head) + SLOPE / 2
    share = 0.5 if arrow.head == arrow.tail else 0.72
    x, label_y = start + (end - start) * share, y + (below - y) * share - 6
    return _group(arrow, _shaft(start, y, end, below), arrow.label(), x, label_y)


def _apart(arrow: Arrow, laid: Layout) -> bool:
    """Whether a straight line from tail to head would cross what stands between them."""
    if arrow.head is None:
        return False
    between = range(arrow.tail + 1, arrow.head + 1)
    crossed = any(other.tail == other.head and other.tail in between for other in laid.arrows)
    return len(between) > FAR or crossed or any(laid.rows[row].gap for row in (arrow.tail, arrow.head))


def _leaving(arrow: Arrow, laid: Layout, frame: Frame) -> str:
    """The beginning of an arrow that ends far below, dotted where it is left out; one for all from the same row."""
    same = [other for other in laid.arrows if other.tail == arrow.tail and other.rightwards == arrow.rightwards]
    if laid.rows[arrow.tail].gap or arrow is not same[0] or not all(_apart(other, laid) for other in same):
        return ""
    start, half, ahead = _half(arrow, frame)
    y = frame.middle(arrow.tail)
    drawn = line(start, y, half - ahead, y, "arrow") + line(half - ahead, y, half + ahead, y, "arrow l-stub")
    return _group(arrow, drawn, arrow.label(sum(other.size for other in same)), half - ahead / 2, y - 5)


def _arriving(arrow: Arrow, laid: Layout, frame: Frame) -> str:
    """The end of an arrow that began far above; one for all that end in the same row."""
    same = [other for other in laid.arrows if other.head == arrow.head and _apart(other, laid)]
    at_once = any(other.tail == other.head == arrow.head for other in laid.arrows)
    if arrow.head is None or laid.rows[arrow.head].gap or at_once or arrow is not same[0]:
        return ""
    start, half, ahead = _half(arrow, frame)
    y, end = frame.middle(arrow.head), 2 * half - start
    drawn = line(half - ahead, y, half + ahead, y, "arrow l-stub") + _shaft(half + ahead, y, end, y)
    return _group(arrow, drawn, arrow.label(sum(other.size for other in same)), half + ahead / 2, y - 5)


def _half(arrow: Arrow, frame: Frame) -> tuple[float, float, float]:
    """Where an arrow starts, the middle between the life lines, and a short way onwards."""
    half = (frame.left + frame.right) / 2
    return (frame.left, half, 24) if arrow.rightwards else (frame.right, half, -24)


def _unnoticed(arrow: Arrow, start: float, y: float, end: float) -> str:
    """An arrow that no call of the other side met: it stops at a bar, or at a cross where it was refused."""
    if not arrow.note:
        return _shaft(start, y, end, y + SLOPE)
    stop = end - 12 if arrow.rightwards else end + 12
    refused = arrow.note.startswith("refused")
    mark = f"M{stop - 5:g} {y + 2:g}l10 10m0 -10l-10 10" if refused else f"M{stop:g} {y + 1:g}v12"
    return line(start, y, stop, y + SLOPE, "arrow") + f'<path d="{mark}" class="l-arrow"/>'


def _group(arrow: Arrow, drawn: str, label: str, x: float, y: float) -> str:
    """An arrow's strokes with its label at (x, y)."""
    return f'<g class="l-{arrow.kind}">{drawn}{text(x, y, label, "label", "middle")}</g>'


def _shaft(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with an arrow's tip at its end."""
    turn = math.degrees(math.atan2(y2 - y1, x2 - x1))
    tip = f'<path d="M0 0l-10 -4v8z" transform="translate({x2:g} {y2:g})rotate({turn:.1f})" class="l-tip"/>'
    return line(x1, y1, x2, y2, "arrow") + tip
