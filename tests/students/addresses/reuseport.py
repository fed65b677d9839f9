"""Mistake 17: sets SO_REUSEPORT in the place of SO_REUSEADDR."""

import socket

FAILS = ("welcome-alone",)
NAMED = 17


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind((host, port))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
