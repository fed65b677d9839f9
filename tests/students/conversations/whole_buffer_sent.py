"""Not one of the sixty: recv_into fills a part of the buffer, and the whole buffer is sent back."""

import socket

FAILS = ("echo",)
NAMED = None


def echo(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, _ = server.accept()
        buffer = bytearray(4096)
        with conn:
            while conn.recv_into(buffer) > 0:
                conn.sendall(buffer)
