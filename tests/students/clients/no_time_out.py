"""Mistake 33: sets no time-out, so connect waits for a server that does not answer."""

import socket

FAILS = ("first-open",)
NAMED = 33


def first_open(host, ports, seconds):
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.connect((host, port))
        except OSError:
            continue
        finally:
            sock.close()
        return port
    return None
