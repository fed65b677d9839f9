"""The catalogue: the known mistakes in words, read from catalogue.toml beside this module.

Owns the file's form and finding a mistake by its number. Must not know how one is recognised.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from autograder.finding import Mistake

WRITTEN = ("01", "03", "11")
"""The lectures that exist so far."""

MEANWHILE = "11"
"""The lecture to read in place of one that is not written yet; it goes through all calls."""


@functools.cache
def mistakes() -> dict[int, Mistake]:
    """Every mistake in the catalogue by its number, in order."""
    text = (resources.files("autograder.mistakes") / "catalogue.toml").read_text("utf-8")
    told = tomllib.loads(text)
    lectures = told["lectures"]
    found = {}
    for number, words in sorted((int(number), words) for number, words in told["mistake"].items()):
        first, second, third = words["hints"]
        lecture = f"Lecture {words['lecture']}, “{lectures[words['lecture']]}”"
        lecture += f", section “{words['section']}”" if "section" in words else ""
        lecture += "" if words["lecture"] in WRITTEN else f" (not written yet; until then lecture {MEANWHILE})"
        found[number] = Mistake(number, words["name"], words["what"], (first, second, third), lecture)
    return found


def mistake(number: int) -> Mistake:
    """The mistake with this number. Raises LookupError, with the known ones, if there is none."""
    try:
        return mistakes()[number]
    except KeyError:
        known = ", ".join(map(str, mistakes()))
        raise LookupError(f"the catalogue has no mistake {number}; it has: {known}") from None
