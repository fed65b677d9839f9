"""Mistake 1: the greeting waits on a UDP socket."""

import socket

FAILS = ("greet",)
NAMED = 1


def greet(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    while True:
        _, client = sock.recvfrom(1024)
        sock.sendto(b"hello\r\n", client)
