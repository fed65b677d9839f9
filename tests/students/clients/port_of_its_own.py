"""Mistake 4: connects to port 7007, whatever port it is given."""

import socket

FAILS = ("fetch",)
NAMED = 4

PORT = 7007


def fetch(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, PORT))
    data = b""
    while True:
        part = sock.recv(1024)
        if not part:
            break
        data += part
    sock.close()
    return data
