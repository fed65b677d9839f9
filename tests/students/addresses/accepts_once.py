"""Mistake 25: accepts one client."""

import socket

FAILS = ("welcome-many",)
NAMED = 25


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen()
    client, _ = server.accept()
    with client:
        client.sendall(b"hello\r\n")
