"""Mistake 23: takes listen's number for how many clients it serves."""

import socket
import threading

FAILS = ("welcome-many",)
NAMED = 23


CLIENTS = 3


def welcome(host, port):
    server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(CLIENTS)
    for _ in range(CLIENTS):
        client, _ = server.accept()
        with client:
            client.sendall(b"hello\r\n")
    threading.Event().wait()
