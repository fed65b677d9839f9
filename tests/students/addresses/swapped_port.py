"""Mistake 10: converts the port in the address."""

import socket

FAILS = ("greet",)
NAMED = 10


def greet(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, socket.htons(port)))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
