"""Still pictures: what a lecture keeps in its file, readable before anything runs, on paper and on GitHub.

Owns the pair of a drawing and its words, and how a notebook is given both. Must not know how either is made.

A drawing is given as `image/svg+xml`, not as HTML: a notebook that was not yet run here is not trusted, and JupyterLab
then shows the words instead of the drawing, where of HTML it would leave an unreadable rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder import ladder as ladders
from autograder.exchange import Exchange
from autograder.steady import steady

_PAPER = '<rect width="100%" height="100%" fill="#fff"/>'


@dataclass(frozen=True)
class Picture:
    """One drawing and the same thing in words; a notebook shows whichever it can."""

    svg: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.text}


def ladder(exchange: Exchange) -> Picture:
    """The ladder of an exchange, with steady numbers, on paper of its own: as an image it inherits no theme."""
    kept = steady(exchange)
    opening, found, rest = ladders.svg(kept).partition(">")
    return Picture(opening + found + _PAPER + rest, ladders.text(kept).rstrip("\n"))
