"""Mistake 63: reads to the end of file without half-closing, so both sides wait."""

import socket

FAILS = ("client-text", "client-flow", "client-binary", "client-empty", "client-pieces", "client-large")
NAMED = 63


def get_daytime(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, port))
    reply = b""
    while True:
        part = sock.recv(1024)
        if not part:
            break
        reply += part
    sock.close()
    return reply.decode("ascii").rstrip("\r\n")


def quote_server(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        conn.sendall(QUOTE.encode() + b"\r\n")
        conn.close()


def quote_server_udp(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    while True:
        data, addr = sock.recvfrom(1024)
        sock.sendto(QUOTE.encode() + b"\r\n", addr)


def echo_server(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        try:
            while True:
                data = conn.recv(1024)
                if not data:
                    break
                conn.sendall(data)
        except ConnectionError:
            pass
        finally:
            conn.close()


def echo_client(host, port, data):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, port))
    sock.sendall(data)
    back = b""
    while part := sock.recv(4096):
        back += part
    sock.close()
    return back
