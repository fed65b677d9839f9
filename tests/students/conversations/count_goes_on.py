"""Not one of the sixty: goes on counting from the client before, instead of from 0."""

import socket

FAILS = ("answer",)
NAMED = None


def answer(host, port):
    server = socket.create_server((host, port))
    count = 0
    while True:
        client, _ = server.accept()
        with client:
            last = b""
            while True:
                byte = client.recv(1)
                if not byte or (last == b"\r" and byte == b"\n"):
                    break
                count += len(last)
                last = byte
            client.sendall(str(count).encode() + b"\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
