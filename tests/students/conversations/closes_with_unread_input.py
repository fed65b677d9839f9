"""Mistake 58: closes as soon as it has answered, whatever else has come."""

import socket

FAILS = ("answer",)
NAMED = 58


def answer(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            data = b""
            while b"\r\n" not in data:
                piece = client.recv(1024)
                if not piece:
                    break
                data += piece
            client.sendall(f"{data.find(bytes([13, 10]))}\r\n".encode())
