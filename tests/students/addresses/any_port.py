"""Mistake 4: lets the system choose the port."""

import socket

FAILS = ("greet",)
NAMED = 4


def greet(host, port):
    server = socket.socket()
    server.bind((host, 0))
    server.listen()
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
