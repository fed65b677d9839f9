"""Mistake 55: a buffer of 1024 bytes, though a datagram may be longer."""

import socket

FAILS = ("bounce-size",)
NAMED = 55


def bounce(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    while True:
        data, addr = sock.recvfrom(1024)
        sock.sendto(data, addr)
