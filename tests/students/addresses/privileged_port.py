"""Mistake 21: takes the well-known port of the daytime service."""

import socket

FAILS = ("greet",)
NAMED = 21


DAYTIME = 13


def greet(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, DAYTIME))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
