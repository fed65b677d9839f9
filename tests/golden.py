"""Golden feedback: what of it is the same on every run, and what two processes that run side by side leave open.

Owns the comparing of two feedback texts and nothing else. In the ladder the two sides' rows are compared each in their
own order, since which of two independent calls came first is for the system to decide; the arrows between them follow
from that. Where a history is long, as with megabytes, how often each side called is open too, so its ladder, its byte
view and its counts are not compared. How much memory a program takes differs by a few pages, and which descriptor a
new socket gets depends on whether another thread has closed its own yet.
"""

from __future__ import annotations

import re

LADDER = "── What happened"
BYTES = "── Bytes"
LEFT, RIGHT = 34, 48
"""The column that ends the left side of the ladder, and the one that begins its right side."""

LONG = re.compile(r"… [\d,]+ (?:more rows|rows like these) …|\b\d+,\d{3},\d{3} bytes")
COUNT = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{5,}\b")
DESCRIPTOR = re.compile(r"(accept\(\) → |\bclose\()\d+")
MEMORY = re.compile(r"\b\d+\.\d MB")
ASIDE = re.compile(r" *(?:\(never read\)|\(queued, never accepted\)|── .* ──▶|◀── .*)")


def same_on_every_run(text: str) -> str:
    """A feedback text without what may differ from run to run."""
    text = DESCRIPTOR.sub(r"\1N", MEMORY.sub("N MB", text))
    sections = re.split(r"(?m)^(?=── )", text)
    long = LONG.search(text) is not None
    kept = [_steady(section, long) for section in sections]
    return COUNT.sub("N", "".join(kept)) if long else "".join(kept)


def _steady(section: str, long: bool) -> str:
    if section.startswith(LADDER):
        return LADDER + "\n" if long else _by_side(section)
    return BYTES + "\n" if long and section.startswith(BYTES) else section


def _by_side(ladder: str) -> str:
    rows = ladder.splitlines()
    sides = [[row[:LEFT].rstrip() for row in rows], [row[RIGHT:].rstrip() for row in rows]]
    kept = "\n".join(line for side in sides for line in side if line and not ASIDE.fullmatch(line)) + "\n"
    return kept.replace("EPIPE", "ECONNRESET")  # a send to who has closed meets one or the other, as it comes
