"""Mistake 20: never binds the socket that listens."""

import socket

FAILS = ("greet",)
NAMED = 20


def greet(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
