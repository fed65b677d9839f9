"""Mistake 18: binds loopback where every address is asked."""

import socket

FAILS = ("welcome-every",)
NAMED = 18


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host or "localhost", port))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
