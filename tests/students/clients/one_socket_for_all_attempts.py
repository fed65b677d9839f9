"""Mistake 32: goes on with the same socket after its connect has failed."""

import socket

FAILS = ("first-open",)
NAMED = 32


def first_open(host, ports, seconds):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(seconds)
        for port in ports:
            try:
                sock.connect((host, port))
                return port
            except OSError:
                pass
    return None
