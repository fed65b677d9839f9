"""The board: the stepper with a button for each call.

Owns the widget that presses and shows. Must not know how a press is made (`pair`), how a view is said (`page`) or how a
ladder is drawn (`snapshot`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from pathlib import Path

import ipywidgets

from autograder.widgets import page
from autograder.widgets.flow import PARTIES, Offer, Party, Transport
from autograder.widgets.pair import Refused, Stepper
from autograder.widgets.snapshot import drawn, in_words

_STYLE = f"<style>{(Path(__file__).parent / 'stepper.css').read_text(encoding='utf-8')}</style>"

_open: dict[Transport, Board] = {}
"""The board in use for each transport: showing another ends its processes, since a cell is run again and again."""


class Board(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """The live stepper: two columns of calls, what the kernel holds, and the ladder so far."""

    def __init__(self, transport: Transport = "tcp", presses: Iterable[str] = ()) -> None:
        self._transport: Transport = transport
        self._stepper = Stepper(transport)
        if transport in _open:
            _open[transport].retire()
        _open[transport] = self
        self._heads = {party: ipywidgets.HTML() for party in PARTIES}
        self._cards = {party: ipywidgets.HTML() for party in PARTIES}
        self._buttons = {party: self._column(party) for party in PARTIES}
        self._said, self._rest = ipywidgets.HTML(), ipywidgets.HTML()
        again = ipywidgets.Button(
            description="Start again", icon="refresh", tooltip="End both processes, start two new"
        )
        again.on_click(lambda _button: self.restart())
        sides = ipywidgets.HBox([self._side(party) for party in PARTIES])
        sides.add_class("sides")
        super().__init__([ipywidgets.HTML(_STYLE), sides, self._said, self._rest, again])
        self.add_class("sockets-stepper")
        self._stepper.make(presses)
        self.refresh()

    def __repr__(self) -> str:
        return "A live widget: run this cell in JupyterLab, then press one call after another."

    def _column(self, party: Party) -> dict[str, ipywidgets.Button]:
        """A button for each call of one process; what stands on it is the call it would make now."""
        buttons = {}
        for offer in self._stepper.state().of(party).offers:
            buttons[offer.name] = button = ipywidgets.Button()
            button.add_class("call")
            if offer.by_python:
                button.add_class("by-python")
                button.disabled = True
            press: Callable[[object], None] = partial(self._pressed, party, offer.name)
            button.on_click(press)
        return buttons

    def _side(self, party: Party) -> ipywidgets.VBox:
        return ipywidgets.VBox([self._heads[party], *self._buttons[party].values(), self._cards[party]])

    def _pressed(self, party: Party, name: str, _button: object) -> None:
        self.press(party, name)

    def press(self, party: Party, name: str) -> None:
        """Press one button; a press that can't be made says why."""
        try:
            self._stepper.press(party, name)
            self.refresh()
        except Refused as refusal:
            self.refresh(str(refusal))

    def restart(self) -> None:
        """End both processes and start two new ones."""
        self._stepper.close()
        self._stepper = Stepper(self._transport)
        _open[self._transport] = self
        self.refresh()

    def retire(self) -> None:
        """End both processes; the board stays as a picture."""
        self._stepper.close()
        self._tell("The processes have ended, because another stepper was opened. Start again brings them back.", True)

    def close(self) -> None:
        """End both processes and take the board away."""
        self._stepper.close()
        super().close()

    def refresh(self, refusal: str = "") -> None:
        """Show what is so now."""
        seen, exchange = self._stepper.state(), self._stepper.exchange()
        port = self._stepper.address[1]
        for party in PARTIES:
            process = seen.of(party)
            self._heads[party].value = page.heading(process)
            self._cards[party].value = page.card(seen, party, port)
            for offer in process.offers:
                _label(self._buttons[party][offer.name], offer, is_next=offer.name == process.next)
        self._tell(
            refusal or seen.said or "Press a call. The standard flow's next one has a thick border.", bool(refusal)
        )
        words = escape(in_words(exchange, seen, port))
        self._rest.value = f"{drawn(exchange)}<details><summary>The same in words</summary><pre>{words}</pre></details>"

    def _tell(self, words: str, refused: bool) -> None:
        kind = "said refused" if refused else "said"
        self._said.value = f'<div class="{kind}" role="status">{"○ " if refused else ""}{escape(words)}</div>'


def _label(button: ipywidgets.Button, offer: Offer, *, is_next: bool) -> None:
    button.description = offer.code
    if offer.by_python:
        button.description = f"{offer.code} — Windows only; Python does it"
        button.tooltip = "On Windows a program starts WinSock first and releases it last; Python does both for you."
        return
    button.tooltip = offer.refusal or f"Make the {offer.party} call {offer.code}"
    for name, wanted in (("next", is_next and not offer.refusal), ("refused", bool(offer.refusal))):
        (button.add_class if wanted else button.remove_class)(name)
