"""Mistake 56: an empty datagram is not answered."""

import socket

FAILS = ("bounce-empty",)
NAMED = 56


def bounce(host, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((host, port))
    while True:
        data, addr = server.recvfrom(65535)
        if len(data) > 0:
            server.sendto(data, addr)
