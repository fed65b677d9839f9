"""Mistake 28: serves a client to its end before it accepts the next one."""

import socket

LONGEST = 65_536
FAILS = ("mirror-many",)
NAMED = 28


def mirror(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        try:
            buffer = b""
            while len(buffer) <= LONGEST:
                data = conn.recv(1024)
                if not data:
                    break
                buffer += data
                while b"\r\n" in buffer:
                    line, buffer = buffer.split(b"\r\n", 1)
                    conn.sendall(line.decode()[::-1].encode() + b"\r\n")
        except ConnectionError:
            pass
        finally:
            conn.close()
