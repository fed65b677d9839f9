"""Mistake 3: makes a string of the port."""

import socket

FAILS = ("greet",)
NAMED = 3


def greet(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, str(port)))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
