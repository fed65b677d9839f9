"""Mistake 12: signed formats for unsigned numbers."""

import struct

FAILS = ("entry",)
NAMED = 12


def entry(kind, number):
    return struct.pack("!hi", kind, number)
