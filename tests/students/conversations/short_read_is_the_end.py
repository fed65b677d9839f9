"""Mistake 49: takes a read that is not full for the end of the message."""

import socket

FAILS = ("echo",)
NAMED = 49


SIZE = 1024


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            while message := read_message(client):
                client.sendall(message)


def read_message(client):
    message = b""
    while True:
        data = client.recv(SIZE)
        message += data
        if len(data) < SIZE:
            return message
