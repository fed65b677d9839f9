"""Right: htons, htonl and ntohl, packed as they are, with standard sizes."""

import socket
import struct


def entry(kind, number):
    return struct.pack("=HI", socket.htons(kind), socket.htonl(number))


def port_bytes(port):
    return struct.pack("=H", socket.htons(port))


def unix_time(data):
    return socket.ntohl(struct.unpack("=I", data)[0]) - 2_208_988_800


def text_field(text):
    data = text.encode("utf-8")
    return struct.pack("%dp" % (len(data) + 1), data)
