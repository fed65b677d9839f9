"""Mistake 59: closes the socket and keeps a file of it."""

import socket

FAILS = ("echo",)
NAMED = 59


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        file = client.makefile("rwb", buffering=0)
        while data := file.read(4096):
            file.write(data)
        client.close()
