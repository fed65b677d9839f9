"""Mistake 48: b'' from recv is not taken for the end, so the loop spins."""

import socket
import struct
import sys

FAILS = ("tcp-eof",)
NAMED = 48


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
    return struct.pack("!IHBH", serial, port, len(encoded), flags) + encoded


def unpack_header(data):
    if len(data) < 9:
        raise ValueError("the header is not complete")
    serial, port, length, flags = struct.unpack("!IHBH", data[:9])
    if len(data) < 9 + length:
        raise ValueError("the name is not complete")
    return serial, port, flags, data[9 : 9 + length].decode("utf-8")


def time_tcp(host, port):
    reply = b""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((host, port))
        while len(reply) < 4:
            piece = connection.recv(4 - len(reply))
            reply += piece
    return struct.unpack("!I", reply)[0] - 2_208_988_800


def time_udp(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.sendto(b"", (host, port))
        reply, sender = asking.recvfrom(1024)
    if len(reply) != 4:
        raise ValueError("a time has four bytes")
    return struct.unpack("!I", reply)[0] - 2_208_988_800
