"""Not one of the sixty: leaves the client at a frame of length 0, as if it had ended."""

import socket

FAILS = ("swap-whole",)
NAMED = None


def read_exactly(sock, n):
    """n bytes, or b"" if the client is gone."""
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            return b""
        data += more
    return data


def swap(host, port):
    server = socket.create_server((host, port))
    while True:
        client, _ = server.accept()
        with client:
            try:
                while True:
                    header = read_exactly(client, 4)
                    if not header:
                        break
                    length = int.from_bytes(header, "big")
                    if length > LONGEST:
                        break
                    payload = read_exactly(client, length)
                    if not payload:
                        break
                    client.sendall(header + payload[::-1])
            except ConnectionError:
                print("client gone")
