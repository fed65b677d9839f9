"""Right: three processes, forked once the socket listens, each accept on it (POSIX only)."""

import os
import socket


def get_daytime(host, port):
    with socket.create_connection((host, port)) as sock:
        reply = bytearray()
        while part := sock.recv(256):
            reply += part
    return reply.decode("ascii").removesuffix("\r\n")


def quote_server(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, addr = listener.accept()
            with conn:
                conn.sendall(QUOTE.encode("ascii") + b"\r\n")


def quote_server_udp(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        while True:
            request, addr = sock.recvfrom(512)
            sock.sendto(QUOTE.encode("ascii") + b"\r\n", addr)


def serve_clients(listener):
    while True:
        conn, addr = listener.accept()
        with conn:
            try:
                while data := conn.recv(4096):
                    conn.sendall(data)
            except ConnectionError:
                pass


def echo_server(host, port):
    listener = socket.create_server((host, port))
    for _ in range(3):
        if os.fork() == 0:
            serve_clients(listener)
    while True:
        os.wait()


def echo_client(host, port, data):
    back, size = [], 0
    with socket.create_connection((host, port)) as sock:
        for start in range(0, len(data), 8000):
            part = data[start : start + 8000]
            sock.sendall(part)
            while size < start + len(part) and (echoed := sock.recv(8000)):
                back.append(echoed)
                size += len(echoed)
        sock.shutdown(socket.SHUT_WR)
        while echoed := sock.recv(8000):
            back.append(echoed)
    return b"".join(back)
