"""Mistake 43: writes the answer into a file that is flushed only at the end."""

import socket

FAILS = ("echo",)
NAMED = 43


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        answers = client.makefile("wb", buffering=65536)
        while data := client.recv(4096):
            answers.write(data)
        answers.close()
        client.close()
