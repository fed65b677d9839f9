"""Mistake 24: trusts a small backlog to refuse further clients."""

import socket

FAILS = ("one-guest",)
NAMED = 24


def one_guest(host, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(0)
    while True:
        guest, _ = server.accept()
        with guest:
            guest.sendall(b"hello\r\n")
            while guest.recv(100):
                pass
