"""A finding: one of the known mistakes, seen in one exchange.

Owns the two words that detectors and feedback share. Must not know how a mistake is recognised or shown;
it imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One known mistake.

    `number` and `name` are how tests, feedback and lectures speak of it; `what` says in a sentence what the
    program does wrong. `hints` grow stronger and never give the solution. `lecture` is the section to reread.
    """

    number: int
    name: str
    what: str
    hints: tuple[str, str, str]
    lecture: str


@dataclass(frozen=True)
class Finding:
    """A mistake recognised in an exchange; `evidence` is the sentence that says what was seen of it there."""

    mistake: Mistake
    evidence: str
