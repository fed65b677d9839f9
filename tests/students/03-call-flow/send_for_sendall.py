"""Mistake 38: send is taken for sendall, on a non-blocking socket."""

import select
import socket

FAILS = ("echo-large",)
NAMED = 38


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
    listener = socket.create_server((host, port))
    clients = []
    while True:
        for sock in select.select([listener, *clients], [], [])[0]:
            if sock is listener:
                conn, addr = listener.accept()
                conn.setblocking(False)
                conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                clients.append(conn)
                continue
            try:
                data = sock.recv(65536)
                if data:
                    sock.send(data)
                    continue
            except BlockingIOError:
                continue
            except ConnectionError:
                pass
            clients.remove(sock)
            sock.close()


def echo_client(host, port, data):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((host, port))
    back = bytearray()
    for start in range(0, len(data), 4000):
        piece = data[start : start + 4000]
        sock.sendall(piece)
        while len(back) < start + len(piece):
            got = sock.recv(4000)
            if not got:
                return bytes(back)
            back += got
    sock.shutdown(socket.SHUT_WR)
    while got := sock.recv(4000):
        back += got
    sock.close()
    return bytes(back)
