"""Mistake 6: shuts connections down, and keeps them."""

import socket

FAILS = ("carry-leak",)
NAMED = 6


clients = []


def carry(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        clients.append(client)
        try:
            while data := client.recv(65536):
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
