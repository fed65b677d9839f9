"""A picture with buttons: what the widgets that show real sockets have in common.

Owns the page's side (panel.js), the messages from it, and the rule that a learner is answered in words, never with a
traceback. Must not know what the buttons do or what the picture shows.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from autograder.widgets.still import Picture

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Action:
    """One button. With `number` there is a field before `unit` for a whole number, which is handed to the method."""

    name: str
    label: str
    number: int | None = None
    unit: str = ""


class Refused(Exception):
    """What the learner asked for can't be done; the message says why, in words for the learner."""


class Panel(anywidget.AnyWidget):
    """The widget: `actions` are its buttons, each named as the method that it calls and that says what happened."""

    _esm = _HERE / "panel.js"
    _css = _HERE / "panel.css"

    actions: ClassVar[tuple[Action, ...]] = ()
    name: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    buttons: Any = traitlets.List().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    svg = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    refused = traitlets.Bool(False).tag(sync=True)

    def __init__(self) -> None:
        super().__init__(buttons=[asdict(action) for action in self.actions], title=self.name)
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        return f"A live widget: {self.hint}"

    def press(self, name: str, number: int | None = None) -> None:
        """Do what a button says; `number` is what stands beside it."""
        raise NotImplementedError

    def obey(self, name: str, number: int | None, draw: Callable[[], Picture]) -> None:
        """Call the action's method and show the new picture and what it said. Raises ValueError for an unknown name."""
        known = {action.name: action for action in self.actions}
        if name not in known:
            raise ValueError(f"there is no button {name!r}; there are: {', '.join(known)}")
        act = getattr(self, name)
        try:
            said, refused = act() if known[name].number is None else act(number), False
        except Refused as why:
            said, refused = str(why), True
        self.show(draw(), said, refused)

    def show(self, drawn: Picture, said: str, refused: bool = False) -> None:
        """A new picture, and what is said about it, in one message."""
        with self.hold_sync(), self.hold_trait_notifications():
            self.svg, self.text, self.said, self.refused = drawn.svg, drawn.text, said, refused

    @staticmethod
    def between(number: int | None, most: int) -> None:
        """Refuse a number that is missing or not from 1 to `most`."""
        if number is None or not 1 <= number <= most:
            raise Refused(f"Type a whole number from 1 to {most:,}.")

    def _asked(self, _widget: object, message: Any, _buffers: object) -> None:
        number = message.get("number")
        self.press(str(message.get("press")), number if type(number) is int else None)


def in_words(call: str, error: OSError) -> str:
    """What a failed call said: the name of its errno, and the system's own words."""
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{call} failed with {name}: {error.strerror or error}."
