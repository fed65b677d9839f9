"""Mistake 50: reads all that the client sends before it answers."""

import socket

FAILS = ("echo",)
NAMED = 50


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            parts = []
            while data := client.recv(4096):
                parts.append(data)
            client.sendall(b"".join(parts))
