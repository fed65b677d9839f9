"""The snapshot: one view of the stepper and the ladder that led to it, as a still picture.

Owns geometry and strokes of the tiles over the ladder. Must not know about buttons or processes; what is said in the
tiles is `page`'s, the ladder is drawn by `ladder`.
"""

from __future__ import annotations

import re
from html import escape

from autograder import ladder, steady
from autograder.exchange import Exchange
from autograder.widgets import page, still, view
from autograder.widgets.flow import PARTIES
from autograder.widgets.view import SocketView, View

WIDTH, GAP, EDGE = 400, 20, 8
"""Pixels: a tile's width, the room between the two columns, the picture's edge."""

HEAD, TILE, LINE = 34, 70, 19
"""Pixels: the height of a column's heading, of a tile with the room under it, of a line of text."""

_STYLE = """
.stepper text{font:13px Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#222}
.stepper .name{font-size:15px;font-weight:700}
.stepper .bold{font-weight:700}
.stepper .soft{font-size:12px;fill:#555}
.stepper .box{fill:none;stroke:#888}
.stepper .alone{stroke-dasharray:5 4}
"""


def draw(exchange: Exchange, seen: View) -> still.Picture:
    """The picture of a history and of what the kernel holds after it, with steady numbers."""
    names = steady.renaming(exchange)
    exchange, seen = steady.steady(exchange), view.steady(seen, names)
    port = exchange.given[1] if exchange.given else 0
    words = in_words(exchange, seen, port)
    top = HEAD + TILE * max(1, *(len(page.everything(seen, party, port)) for party in PARTIES)) + GAP
    nested, width, height = _nested(exchange, top)
    width = max(width, 2 * WIDTH + GAP) + 2 * EDGE
    body = "".join(_side(side, seen, port) for side in range(len(PARTIES)))
    return still.Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="stepper" role="img" viewBox="0 0 {width} {top + height}"'
        f' width="{width}" height="{top + height}"><title>Two processes, their sockets, and their calls</title>'
        f'<desc>{escape(words)}</desc><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        f"{body}{nested}</svg>",
        words.rstrip("\n"),
    )


def in_words(exchange: Exchange, seen: View, port: int) -> str:
    """What the picture shows, as text."""
    return f"{page.text(seen, port)}\n{_unfinished(ladder.text(exchange))}"


def drawn(exchange: Exchange) -> str:
    """The ladder of two processes that are both the reader's, and may go on."""
    svg = _unfinished(ladder.svg(exchange))
    for words, instead in (
        (">your program<", ">one process<"),
        (">the reference<", ">another process<"),
        ("the reference client", "the client"),
        ("its reference client", "its client"),
    ):
        svg = svg.replace(words, instead)
    return svg


def _unfinished(drawn: str) -> str:
    """What has not happened may happen yet; the words are as long as those they replace, so that columns hold."""
    return drawn.replace("never read", "yet unread").replace("never accepted", "not taken yet ")


def _nested(exchange: Exchange, top: int) -> tuple[str, int, int]:
    """The ladder at its place, with its width and height."""
    svg = drawn(exchange)
    opening = svg[: svg.index(">")]
    width, height = (round(float(found)) for found in re.findall(r' (?:width|height)="([\d.]+)"', opening))
    return svg.replace("<svg ", f'<svg x="{EDGE}" y="{top}" ', 1), width, height


def _side(side: int, seen: View, port: int) -> str:
    """One process: its name, what it does, and a tile for each of its sockets."""
    process, left = seen.of(PARTIES[side]), EDGE + side * (WIDTH + GAP)
    doing = page.doing(process)
    parts = [
        _text(left + 2, 23, process.party, "name"),
        _text(left + WIDTH - 2, 23, doing, "bold" if process.waits else "soft", "end"),
    ]
    tiles = page.everything(seen, process.party, port)
    parts += [_tile(left, HEAD + number * TILE, one, seen.transport) for number, one in enumerate(tiles)]
    return "".join(parts if tiles else [*parts, _text(left + 2, HEAD + LINE, "no open socket", "soft")])


def _tile(left: int, top: int, one: SocketView, transport: str) -> str:
    kind = "box" if one.variable else "box alone"
    beside = left + 10 + (len(one.variable) * 8 + 10 if one.variable else 0)
    return "".join(
        [
            f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{TILE - 8}" rx="6" class="{kind}"/>',
            _text(left + 10, top + LINE, one.variable, "bold"),
            _text(beside, top + LINE, page.named(one), "soft"),
            _text(left + WIDTH - 10, top + LINE, one.state, "bold", "end"),
            _text(left + 10, top + 2 * LINE - 1, page.ends(one.local, one.remote)),
            _text(left + 10, top + 3 * LINE - 3, page.means(one, transport), "soft"),
        ]
    )


def _text(x: int, y: int, words: str, kind: str = "", anchor: str = "start") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{style}>{escape(words)}</text>' if words else ""
