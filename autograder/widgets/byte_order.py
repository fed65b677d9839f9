"""The live picture of byte order: type a number, and watch its bytes change places.

Owns the widget and what a learner may type into it. The drawing is `byte_order_picture`'s; the widget
changes the arguments of its plain function `picture`, and does nothing else.
Must not know about sockets, exchanges or lectures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from autograder.widgets.byte_order_picture import Order, check, draw, layout, picture

__all__ = ["Explorer", "explorer", "parse", "picture"]

_LONGEST = 70  # characters: 64 bits in binary, and the prefix; longer input is refused unread
_HERE = Path(__file__).parent


def parse(typed: str, width: int = 16, *, signed: bool = False) -> int:
    """The number a learner typed, in decimal, 0x…, 0o… or 0b….

    Raises ValueError, in words for the learner, where there is no such number or it does not fit.
    """
    typed = typed.strip()
    if not typed:
        raise ValueError("Type a whole number, such as 258 or 0x0102.")
    if len(typed) > _LONGEST:
        raise ValueError(f"That is {len(typed)} characters; a number of {width} bits needs far fewer.")
    try:
        number = int(typed, 10 if typed.lstrip("+-").isdecimal() else 0)
    except ValueError:
        raise ValueError(f"“{typed}” is not a whole number. Write it like 258, 0x0102 or 0b101.") from None
    check(number, width, signed=signed)
    return number


def explorer(
    number: int | str = 258, width: int = 16, *, signed: bool = False, host: Order = sys.byteorder
) -> Explorer:
    """The live form of `picture`: type a number, choose its width, watch its bytes."""
    return Explorer(number=str(number), width=width, signed=signed, host=host)


class Explorer(anywidget.AnyWidget):
    """The widget: four arguments go in, `picture` comes out as `svg` and `text`.

    `problem` says in words why what was typed can't be drawn; then the last good picture stays. `wrong` is
    the number read in the other order, as text that can be typed back in.
    """

    _esm = _HERE / "byte_order.js"
    _css = _HERE / "byte_order.css"

    number = traitlets.Unicode("258").tag(sync=True)
    width = traitlets.Int(16).tag(sync=True)
    signed = traitlets.Bool(False).tag(sync=True)
    host = traitlets.Enum(("little", "big"), sys.byteorder).tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.observe(self._draw, ("number", "width", "signed", "host"))
        self._draw()

    def __repr__(self) -> str:
        return "A live widget: run this cell in JupyterLab, then type a number and watch its bytes."

    def _draw(self, _change: object = None) -> None:
        """Draw again, all four results in one message, so that the page never shows half of a change."""
        host: Order = "little" if self.host == "little" else "big"
        with self.hold_sync(), self.hold_trait_notifications():
            try:
                number = parse(self.number, self.width, signed=self.signed)
                shown = layout(number, self.width, signed=self.signed, host=host)
            except ValueError as problem:
                self.problem = str(problem)
                return
            self.problem = ""
            drawn = draw(shown)
            self.svg, self.text, self.wrong = drawn.svg, drawn.text, str(shown.wrong)
