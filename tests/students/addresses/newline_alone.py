"""Mistake 42: ends the line in a newline alone."""

import socket

FAILS = ("greet",)
NAMED = 42


def greet(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\n")
