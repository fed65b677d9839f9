"""Mistake 48: goes on receiving at the end of file."""

import socket

FAILS = ("echo",)
NAMED = 48


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        while True:
            data = client.recv(4096)
            client.sendall(data)
