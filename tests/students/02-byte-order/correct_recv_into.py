"""Right: recv_into a view, to_bytes and from_bytes instead of struct, recvfrom_into."""

import socket
import sys
from datetime import datetime, timezone


def htons(x, host=sys.byteorder):
    if x not in range(1 << 16):
        raise OverflowError("16 bits, unsigned")
    high, low = divmod(x, 256)
    return low * 256 + high if host == "little" else x


def ntohs(x, host=sys.byteorder):
    return htons(x, host)


def htonl(x, host=sys.byteorder):
    if x not in range(1 << 32):
        raise OverflowError("32 bits, unsigned")
    high, low = x >> 16, x & 0xFFFF
    return htons(low, host) << 16 | htons(high, host) if host == "little" else x


def ntohl(x, host=sys.byteorder):
    return htonl(x, host)


def pack_header(serial, port, flags, name):
    text = bytes(name, "utf-8")
    packed = bytearray()
    for number, size in ((serial, 4), (port, 2), (len(text), 1), (flags, 2)):
        packed += number.to_bytes(size, "big")  # raises OverflowError by itself
    return bytes(packed + text)


def unpack_header(data):
    fields, rest = [], memoryview(data)
    for size in (4, 2, 1, 2):
        if len(rest) < size:
            raise ValueError("data ends inside the header")
        fields.append(int.from_bytes(rest[:size], "big"))
        rest = rest[size:]
    serial, port, length, flags = fields
    if len(rest) < length:
        raise ValueError("data ends inside the name")
    return serial, port, flags, str(rest[:length], "utf-8")


def seconds_from_1970(reply):
    gap = datetime(1970, 1, 1, tzinfo=timezone.utc) - datetime(1900, 1, 1, tzinfo=timezone.utc)
    return int.from_bytes(reply, "big") - int(gap.total_seconds())


def time_tcp(host, port):
    reply = bytearray(4)
    view = memoryview(reply)
    with socket.create_connection((host, port)) as connection:
        while view:
            count = connection.recv_into(view)
            if count == 0:
                raise EOFError("the end came early")
            view = view[count:]
    return seconds_from_1970(reply)


def time_udp(host, port):
    buffer = bytearray(2048)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.sendto(b"", (host, port))
        count, sender = asking.recvfrom_into(buffer)
    if count != 4:
        raise ValueError("not a time")
    return seconds_from_1970(buffer[:4])
