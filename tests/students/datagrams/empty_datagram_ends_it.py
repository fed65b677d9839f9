"""Mistake 56: leaves its loop when a datagram is empty."""

import socket

FAILS = ("bounce-empty",)
NAMED = 56


def bounce(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        while True:
            message, client = sock.recvfrom(65536)
            if not message:
                break
            sock.sendto(message, client)
