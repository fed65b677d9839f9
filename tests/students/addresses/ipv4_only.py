"""Mistake 5: makes an IPv4 socket whatever the host."""

import socket

FAILS = ("welcome-six",)
NAMED = 5


def welcome(host, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
