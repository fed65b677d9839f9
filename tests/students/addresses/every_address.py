"""Mistake 19: binds every address where one is asked."""

import socket

FAILS = ("welcome-one",)
NAMED = 19


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::" if ":" in host else "", port))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
