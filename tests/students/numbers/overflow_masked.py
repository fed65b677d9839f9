"""Mistake 11: what does not fit is cut off by a mask."""

import struct

FAILS = ("port-bytes",)
NAMED = 11


def port_bytes(port):
    return struct.pack("!H", port & 0xFFFF)
