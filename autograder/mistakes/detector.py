"""A detector: a pure function that finds one mistake in an exchange, and how much its evidence proves.

Owns the order in which findings are told. Must not know any particular mistake. Their numbers never change: 1 to 60
are those that the course was planned with, and later ones follow as they are found, from 61 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from autograder.exchange import Exchange
from autograder.finding import Finding
from autograder.mistakes.catalogue import mistake
from autograder.mistakes.reading import Reading


class Strength(IntEnum):
    """How much a detector's evidence proves.

    PROVED: an error, a value or an order of bytes that this mistake alone gives, and that failed the step.
    SHOWN: the record shows the mistake itself (a call made, or missing), and the step failed as that makes it fail.
    FITS: the step failed as this mistake makes it fail, and nothing in the record speaks against it; others may look
    the same.
    """

    FITS = 1
    SHOWN = 2
    PROVED = 3


Evidence = Callable[[Reading], str | None]
"""What was seen of a mistake, in one or two plain sentences; None if it was not seen."""


@dataclass(frozen=True)
class Detector:
    """Finds the mistake of this number."""

    number: int
    strength: Strength
    evidence: Evidence

    def __call__(self, exchange: Exchange) -> Finding | None:
        """The finding, or None where the exchange has no failed step or gives no evidence."""
        if exchange.failed_step is None:
            return None
        return self.read(Reading(exchange))

    def read(self, reading: Reading) -> Finding | None:
        """The same for an exchange already read."""
        seen = self.evidence(reading)
        return None if seen is None else Finding(mistake(self.number), seen)


def detects(number: int, strength: Strength) -> Callable[[Evidence], Detector]:
    """Make a detector of the function below: it finds mistake `number`."""
    return lambda evidence: Detector(number, strength, evidence)


def ranked(detectors: Iterable[Detector], exchange: Exchange) -> tuple[Finding, ...]:
    """What the detectors find, likeliest first; each mistake once.

    Stronger evidence comes first. Among equals the one whose number is lower, since the numbers follow the order of
    calls and an earlier call's mistake explains what goes wrong later. What only fits is left out beside a proof.
    """
    if exchange.failed_step is None:
        return ()
    reading = Reading(exchange)
    found: dict[int, tuple[Strength, Finding]] = {}
    for detector in sorted(detectors, key=lambda one: (-one.strength, one.number)):
        if detector.number not in found and (finding := detector.read(reading)) is not None:
            found[detector.number] = detector.strength, finding
    best = max((strength for strength, _ in found.values()), default=Strength.FITS)
    least = Strength.SHOWN if best is Strength.PROVED else Strength.FITS
    return tuple(finding for strength, finding in found.values() if strength >= least)
