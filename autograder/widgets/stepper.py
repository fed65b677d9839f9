"""The stepper: the standard call flow between two real processes, one call at a time.

Owns what a lecture calls: a history, a picture of it, and the same picture with buttons. How a press is made is
`pair`'s, how it is drawn `snapshot`'s and `board`'s.

    from autograder.widgets import stepper

    stepper.picture(("server socket", "server bind", "server listen"))    # one picture
    stepper.show("tcp")                                                   # the same, with buttons
"""

from __future__ import annotations

from collections.abc import Iterable

from autograder.exchange import Exchange
from autograder.steady import steady
from autograder.widgets.board import Board
from autograder.widgets.flow import Transport
from autograder.widgets.pair import Refused, Stepper
from autograder.widgets.snapshot import draw
from autograder.widgets.still import Picture

__all__ = ["Board", "Picture", "Refused", "Stepper", "picture", "run", "show"]


def run(presses: Iterable[str], transport: Transport = "tcp") -> Exchange:
    """Make these calls, each written "server bind", in this order; the history with steady numbers.

    Raises Refused and ValueError as `Stepper.press` does.
    """
    with Stepper(transport) as pair:
        pair.make(presses)
        return steady(pair.exchange())


def picture(presses: Iterable[str], transport: Transport = "tcp") -> Picture:
    """Make these calls, and draw what the kernel holds then and how it came to it; the same at every run."""
    with Stepper(transport) as pair:
        pair.make(presses)
        return draw(pair.exchange(), pair.state())


def show(transport: Transport = "tcp", presses: Iterable[str] = ()) -> Board:
    """The live form of `picture`: a button for each call, and real numbers. `presses` are made at the start."""
    return Board(transport, presses)
