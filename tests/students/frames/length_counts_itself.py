"""Not one of the sixty: the length in an answer is taken when its own four bytes are already there."""

import socket

LONGEST = 65_536
FAILS = ("swap-whole", "swap-pieces")
NAMED = None


def read_exactly(conn, size):
    data = b""
    while len(data) < size:
        part = conn.recv(size - len(data))
        if not part:
            raise ConnectionError("connection ended too early")
        data += part
    return data


def swap(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, _ = server.accept()
        try:
            while True:
                size = int.from_bytes(read_exactly(conn, 4), "big")
                if size > LONGEST:
                    break
                payload = read_exactly(conn, size)
                reply = bytearray(4) + payload[::-1]
                reply[:4] = len(reply).to_bytes(4, "big")
                conn.sendall(reply)
        except ConnectionError:
            pass
        conn.close()
