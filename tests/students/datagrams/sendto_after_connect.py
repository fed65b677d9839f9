"""Mistake 37: connects to the first server, and names the second one in sendto."""

import socket

FAILS = ("ask-both",)
NAMED = 37


def ask_both(host, ports):
    first, second = ports
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((host, first))
        sock.send(b"?")
        one = sock.recv(1024)
        sock.sendto(b"?", (host, second))
        two = sock.recv(1024)
    return one, two
