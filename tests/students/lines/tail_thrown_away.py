"""Mistake 46: what follows the last complete line in a recv is thrown away."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-lines",)
NAMED = 46


def serve_one(conn):
    with conn:
        waiting = b""
        while len(waiting) <= LONGEST:
            try:
                got = conn.recv(2048)
            except ConnectionError:
                return
            if not got:
                return
            waiting += got
            if b"\r\n" not in waiting:
                continue
            lines = waiting.split(b"\r\n")[:-1]
            waiting = b""
            for line in lines:
                backwards = line.decode()[::-1].encode() + b"\r\n"
                try:
                    conn.sendall(backwards)
                except ConnectionError:
                    return


def mirror(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, _ = server.accept()
        threading.Thread(target=serve_one, args=[conn], daemon=True).start()
