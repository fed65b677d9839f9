"""Mistake 2: sends text."""

import socket

FAILS = ("greet",)
NAMED = 2


def greet(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            client.sendall("hello\r\n")
