"""Mistake 36: a connected socket, and only the time-out is caught."""

import socket

FAILS = ("is-there",)
NAMED = 36


def is_there(host, port, seconds):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(seconds)
        sock.connect((host, port))
        sock.send(b"ping")
        try:
            sock.recv(1024)
        except TimeoutError:
            return False
        return True
