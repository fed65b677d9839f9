"""Not one of the sixty: split() without an argument cuts at spaces too, so the first word is counted."""

import socket

FAILS = ("answer",)
NAMED = None


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
            lines = data.split() or [b""]
            client.sendall(str(len(lines[0])).encode() + b"\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
