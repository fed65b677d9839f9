"""Mistake 13: the seconds since 1900 are returned as if they were Unix time."""

import struct

FAILS = ("unix-time",)
NAMED = 13


def unix_time(data):
    (seconds,) = struct.unpack("!I", data)
    return seconds
