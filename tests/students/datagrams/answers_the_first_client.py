"""Mistake 57: answers the client that wrote first, whoever writes."""

import socket

FAILS = ("bounce-clients",)
NAMED = 57


def bounce(host, port):
    client = None
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    while True:
        data, addr = sock.recvfrom(65535)
        if client is None:
            client = addr
        sock.sendto(data, client)
