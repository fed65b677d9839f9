"""Right: one client after another, one recv after another."""

import socket


def make_listener(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(10)
    return sock


def echo(host, port):
    listener = make_listener(host, port)
    while True:
        conn, addr = listener.accept()
        while True:
            data = conn.recv(100)
            if not data:
                break
            conn.sendall(data)
        conn.close()


def carry(host, port):
    listener = make_listener(host, port)
    while True:
        conn, addr = listener.accept()
        try:
            while True:
                data = conn.recv(65536)
                if len(data) == 0:
                    break
                total = 0
                while total < len(data):
                    total += conn.send(data[total:])
        except OSError as e:
            print("lost a client:", e)
        finally:
            conn.close()


def answer(host, port):
    listener = make_listener(host, port)
    while True:
        conn, addr = listener.accept()
        line = b""
        while not line.endswith(b"\r\n"):
            c = conn.recv(1)
            if c == b"":
                break
            line += c
        if line.endswith(b"\r\n"):
            conn.sendall(str(len(line) - 2).encode() + b"\r\n")
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(8192):
            pass
        conn.close()
