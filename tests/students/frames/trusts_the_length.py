"""Mistake 54: asks for as many bytes as a frame announces, however many."""

import socket

FAILS = ("swap-giant",)
NAMED = 54


def read_exactly(conn, size):
    data = b""
    while len(data) < size:
        part = conn.recv(size - len(data))
        if part == b"":
            return None
        data += part
    return data


def swap(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                while True:
                    header = read_exactly(conn, 4)
                    if header is None:
                        break
                    payload = read_exactly(conn, int.from_bytes(header, "big"))
                    if payload is None:
                        break
                    conn.sendall(header + payload[::-1])
            except ConnectionError:
                pass
