"""Not one of the sixty: a client that announces too much gets a frame with an error text before it is disconnected."""

import socket
import struct

FAILS = ("swap-giant",)
NAMED = None


def get(sock, count):
    parts = b""
    while len(parts) != count:
        part = sock.recv(count - len(parts))
        if part == b"":
            return None
        parts += part
    return parts


def send_frame(sock, payload):
    sock.sendall(struct.pack("!I", len(payload)) + payload)


def conversation(sock):
    while True:
        header = get(sock, 4)
        if header is None:
            return
        (length,) = struct.unpack("!I", header)
        if length > LONGEST:
            send_frame(sock, b"error: frame too long")
            return
        payload = get(sock, length)
        if payload is None:
            return
        send_frame(sock, payload[::-1])


def swap(host, port):
    with socket.create_server((host, port)) as server:
        while True:
            sock, address = server.accept()
            with sock:
                try:
                    conversation(sock)
                except ConnectionError:
                    print(address, "is gone")
