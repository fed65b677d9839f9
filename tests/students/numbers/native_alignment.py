"""Mistake 8: a format without a byte order, which is padded too."""

import struct

FAILS = ("entry",)
NAMED = 8


def entry(kind, number):
    return struct.pack("HI", kind, number)
