"""Mistake 53: a line without end is kept whole, however long it gets."""

import socket
import threading

FAILS = ("mirror-endless",)
NAMED = 53


def reverse_lines(conn):
    buffer = bytearray()
    searched = 0
    with conn:
        try:
            while data := conn.recv(65536):
                buffer += data
                while (end := buffer.find(b"\r\n", searched)) >= 0:
                    line = buffer[:end].decode("utf-8")
                    del buffer[: end + 2]
                    searched = 0
                    conn.sendall(line[::-1].encode("utf-8") + b"\r\n")
                searched = max(len(buffer) - 1, 0)
        except ConnectionError:
            pass


def mirror(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=reverse_lines, args=(conn,), daemon=True).start()
