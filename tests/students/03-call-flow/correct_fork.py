"""Right: a process for each client (POSIX only), and recv_into a buffer of one's own."""

import os
import signal
import socket


def serve_forked(host, port, talk):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that have ended are collected by the system
    listener = socket.create_server((host, port))
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            talk(conn)
            conn.close()
            os._exit(0)
        conn.close()


def say_quote(conn):
    conn.sendall(QUOTE.encode("ascii") + b"\r\n")


def echo(conn):
    buffer = bytearray(8192)
    try:
        while size := conn.recv_into(buffer):
            conn.sendall(memoryview(buffer)[:size])
    except ConnectionError:
        pass


def get_daytime(host, port):
    buffer, size = bytearray(512), 0
    with socket.create_connection((host, port)) as sock:
        while got := sock.recv_into(memoryview(buffer)[size:]):
            size += got
    return str(buffer[:size], "ascii").removesuffix("\r\n")


def quote_server(host, port):
    serve_forked(host, port, say_quote)


def quote_server_udp(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    while True:
        data, addr = sock.recvfrom(1024)
        sock.sendto(QUOTE.encode() + b"\r\n", addr)


def echo_server(host, port):
    serve_forked(host, port, echo)


def echo_client(host, port, data):
    with socket.create_connection((host, port)) as sock:
        child = os.fork()
        if child == 0:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            os._exit(0)
        back = bytearray()
        while part := sock.recv(65536):
            back += part
        os.waitpid(child, 0)
    return bytes(back)
