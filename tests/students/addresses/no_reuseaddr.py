"""Mistake 15: does not set SO_REUSEADDR."""

import socket

FAILS = ("welcome-restart",)
NAMED = 15


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.bind((host, port))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
