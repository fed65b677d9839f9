"""Mistake 27: sends on the socket that listens."""

import socket

FAILS = ("greet",)
NAMED = 27


def greet(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        server.sendall(b"hello\r\n")
        client.close()
