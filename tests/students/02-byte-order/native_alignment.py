"""Mistake 8: native alignment; the fields' order is right, but padding stands between them."""

import socket
import struct
import sys

FAILS = ("header-padding", "unpack-padding", "unpack-length")
NAMED = 8


def htons(x, host=sys.byteorder):
    if not 0 <= x <= 0xFFFF:
        raise OverflowError(f"{x} does not fit in 16 bits")
    return x if host == "big" else (x & 0xFF) << 8 | x >> 8


def ntohs(x, host=sys.byteorder):
    return htons(x, host)


def htonl(x, host=sys.byteorder):
    if not 0 <= x <= 0xFFFF_FFFF:
        raise OverflowError(f"{x} does not fit in 32 bits")
    if host == "big":
        return x
    return (x & 0xFF) << 24 | (x & 0xFF00) << 8 | (x >> 8) & 0xFF00 | x >> 24


def ntohl(x, host=sys.byteorder):
    return htonl(x, host)


def pack_header(serial, port, flags, name):
    encoded = name.encode("utf-8")
    if not 0 <= serial < 2**32 or not 0 <= port < 2**16 or not 0 <= flags < 2**16 or len(encoded) > 255:
        raise OverflowError("a field is too small for its value")
    return struct.pack("IHBH", htonl(serial), htons(port), len(encoded), htons(flags)) + encoded


HEADER = "IHBH"


def unpack_header(data):
    size = struct.calcsize(HEADER)
    if len(data) < size:
        raise ValueError("the header is not complete")
    serial, port, length, flags = struct.unpack(HEADER, data[:size])
    if len(data) < size + length:
        raise ValueError("the name is not complete")
    return ntohl(serial), ntohs(port), ntohs(flags), data[size : size + length].decode("utf-8")


def time_tcp(host, port):
    reply = b""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((host, port))
        while len(reply) < 4:
            piece = connection.recv(4 - len(reply))
            if piece == b"":
                raise EOFError("the server closed before the fourth byte")
            reply += piece
    return struct.unpack("!I", reply)[0] - 2_208_988_800


def time_udp(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.sendto(b"", (host, port))
        reply, sender = asking.recvfrom(1024)
    if len(reply) != 4:
        raise ValueError("a time has four bytes")
    return struct.unpack("!I", reply)[0] - 2_208_988_800
