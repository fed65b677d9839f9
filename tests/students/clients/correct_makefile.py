"""Right: files made of sockets."""

import socket


def fetch(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.connect((host, port))
        with tcp.makefile("rb") as incoming:
            return incoming.read()


def first_open(host, ports, seconds):
    opened = (port for port in ports if answers(host, port, seconds))
    return next(opened, None)


def answers(host, port, seconds):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.settimeout(seconds)
        return tcp.connect_ex((host, port)) == 0


def visit(host, port):
    lines = []
    with socket.create_connection((host, port)) as tcp, tcp.makefile("rb", buffering=7) as incoming:
        for line in incoming:
            lines.append(line)
    return b"".join(lines)
