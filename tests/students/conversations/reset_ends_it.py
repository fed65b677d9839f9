"""Mistake 31: does not expect recv to raise."""

import socket

FAILS = ("carry-reset",)
NAMED = 31


def carry(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            while data := client.recv(65536):
                try:
                    client.sendall(data)
                except ConnectionError:
                    break
