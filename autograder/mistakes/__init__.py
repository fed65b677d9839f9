"""Mistakes: the known mistakes with sockets, recognised by name in a recorded exchange.

Owns the list of detectors, a module for each group of calls. Everything is a pure function of the exchange; nothing is
named without evidence in it, so an exchange that no known mistake explains gets none.

A new mistake is an entry in catalogue.toml and a function marked `@detects(number, strength)` in its group's module.
"""

from __future__ import annotations

from autograder.exchange import Exchange
from autograder.finding import Finding, Mistake
from autograder.mistakes import (
    bind_and_options,
    byte_order,
    close,
    connect,
    listen_and_accept,
    recv,
    recvfrom,
    send,
    socket_and_address,
    text,
)
from autograder.mistakes.catalogue import mistake, mistakes
from autograder.mistakes.detector import Detector, Strength, ranked

GROUPS = (
    socket_and_address,
    byte_order,
    bind_and_options,
    listen_and_accept,
    connect,
    send,
    recv,
    recvfrom,
    close,
    text,
)

DETECTORS = tuple(found for group in GROUPS for found in vars(group).values() if isinstance(found, Detector))

__all__ = ["DETECTORS", "Detector", "Finding", "Mistake", "Strength", "mistake", "mistakes", "ranked", "recognise"]


def recognise(exchange: Exchange) -> tuple[Finding, ...]:
    """The mistakes that this exchange shows, likeliest first; none where every step passed or no known one fits."""
    return ranked(DETECTORS, exchange)
