"""Mistake 22: never calls listen."""

import socket

FAILS = ("greet",)
NAMED = 22


def greet(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
