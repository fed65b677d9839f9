"""Mistake 40: does not expect sendall to raise."""

import socket

FAILS = ("carry-gone",)
NAMED = 40


def carry(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            while data := read(client):
                client.sendall(data)


def read(client):
    try:
        return client.recv(65536)
    except ConnectionError:
        return b""
