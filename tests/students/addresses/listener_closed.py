"""Mistake 30: closes the listening socket after the first accept."""

import socket

FAILS = ("welcome-many",)
NAMED = 30


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen()
    while True:
        client, _ = server.accept()
        server.close()
        client.sendall(b"hello\r\n")
        client.close()
