"""Right: one client after another; bytes are gathered in a list until they are enough."""

import socket
import struct


def receive(sock, n):
    parts = []
    while n > 0:
        part = sock.recv(min(n, 4096))
        if part == b"":
            return None
        parts.append(part)
        n -= len(part)
    return b"".join(parts)


def swap(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(1)
    while True:
        sock, _ = listener.accept()
        try:
            while True:
                header = receive(sock, 4)
                if header is None:
                    break
                (length,) = struct.unpack("!I", header)
                if length > LONGEST:
                    break
                payload = receive(sock, length)
                if payload is None:
                    break
                sock.sendall(header + payload[::-1])
        except ConnectionError:
            pass
        sock.close()
