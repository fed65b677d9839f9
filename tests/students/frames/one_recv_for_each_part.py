"""Mistake 44: one recv(4) for the length and one recv(n) for the payload."""

import socket
import struct

FAILS = ("swap-pieces",)
NAMED = 44


def swap(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        try:
            while True:
                header = conn.recv(4)
                if not header:
                    break
                (length,) = struct.unpack("!I", header)
                if length > 65_536:
                    break
                payload = conn.recv(length)
                conn.sendall(header + payload[::-1])
        except ConnectionError:
            pass
        finally:
            conn.close()
