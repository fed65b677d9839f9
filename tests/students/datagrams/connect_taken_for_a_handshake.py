"""Mistake 35: believes that connect over UDP finds out whether a server is there."""

import socket

FAILS = ("is-there",)
NAMED = 35


def is_there(host, port, seconds):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(seconds)
    try:
        sock.connect((host, port))
        sock.send(b"ping")
        return True
    except OSError:
        return False
    finally:
        sock.close()
