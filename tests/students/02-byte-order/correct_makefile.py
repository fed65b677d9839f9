"""Right: create_connection and makefile, struct.Struct, a connected UDP socket, lists of shifts."""

import socket
import struct
import sys


def swapped(x, size):
    result = 0
    for place in range(size):
        result |= (x >> 8 * place & 0xFF) << 8 * (size - 1 - place)
    return result


def converted(x, size, host):
    if x < 0 or x >> 8 * size:
        raise OverflowError(f"{x} has no room in {size} bytes")
    return swapped(x, size) if host == "little" else x


def htons(x, host=sys.byteorder):
    return converted(x, 2, host)


def htonl(x, host=sys.byteorder):
    return converted(x, 4, host)


ntohs = htons
ntohl = htonl


HEADER = struct.Struct(">IHBH")
EPOCH = 2208988800


def pack_header(serial, port, flags, name):
    name = name.encode()
    try:
        return HEADER.pack(serial, port, len(name), flags) + name
    except struct.error as problem:
        raise OverflowError(str(problem)) from problem


def unpack_header(data):
    try:
        serial, port, length, flags = HEADER.unpack_from(data)
    except struct.error as problem:
        raise ValueError("too short for a header") from problem
    name = data[HEADER.size : HEADER.size + length]
    if len(name) != length:
        raise ValueError("too short for its name")
    return serial, port, flags, name.decode()


def time_tcp(host, port):
    with socket.create_connection((host, port), timeout=5) as connection, connection.makefile("rb") as reader:
        reply = reader.read(4)
    if len(reply) < 4:
        raise EOFError(f"only {len(reply)} bytes before the end")
    (seconds,) = struct.unpack(">L", reply)
    return seconds - EPOCH


def time_udp(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as asking:
        asking.connect((host, port))
        asking.send(b"")
        reply = asking.recv(65535)
    if len(reply) != 4:
        raise ValueError(f"{len(reply)} bytes are no time")
    (seconds,) = struct.unpack(">L", reply)
    return seconds - EPOCH
