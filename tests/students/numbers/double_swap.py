"""Mistake 9: converts with htons and htonl, and packs in network order as well."""

import socket
import struct

FAILS = ("entry",)
NAMED = 9


def entry(kind, number):
    kind = socket.htons(kind)
    number = socket.htonl(number)
    return struct.pack("!HI", kind, number)
