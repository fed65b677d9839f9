"""Mistake 26: accepts a new client before each message."""

import socket

FAILS = ("echo",)
NAMED = 26


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        data = client.recv(4096)
        client.sendall(data)
