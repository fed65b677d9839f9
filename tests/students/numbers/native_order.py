"""Mistake 7: packs in the byte order of this machine."""

import struct

FAILS = ("entry",)
NAMED = 7


def entry(kind, number):
    return struct.pack("=HI", kind, number)
