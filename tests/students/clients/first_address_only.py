"""Mistake 34: tries the first address of a name and no other."""

import socket

FAILS = ("visit",)
NAMED = 34


def visit(host, port):
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, kind, proto, name, address = infos[0]
    with socket.socket(family, kind, proto) as sock:
        sock.connect(address)
        data = b""
        while part := sock.recv(4096):
            data += part
    return data
