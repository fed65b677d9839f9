"""Mistake 41: sends all data in one datagram."""

import socket

FAILS = ("tell",)
NAMED = 41


def tell(host, port, data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(data, (host, port))
        sock.sendto(b"", (host, port))
