"""Mistake 52: all clients' half lines are kept in one global buffer."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-many",)
NAMED = 52

buffer = b""


def client_thread(conn):
    global buffer
    while True:
        try:
            data = conn.recv(1024)
        except ConnectionError:
            break
        if not data or len(buffer) > LONGEST:
            break
        buffer = buffer + data
        lines = buffer.split(b"\r\n")
        buffer = lines[-1]
        try:
            for line in lines[:-1]:
                text = line.decode("utf-8")
                conn.sendall(text[::-1].encode("utf-8") + b"\r\n")
        except ConnectionError:
            break
    conn.close()


def mirror(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        threading.Thread(target=client_thread, args=(conn,), daemon=True).start()
