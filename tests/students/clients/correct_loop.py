"""Right: getaddrinfo and a loop over what it found, call by call."""

import socket


def try_each(host, port, seconds=None):
    for family, kind, proto, name, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = socket.socket(family, kind, proto)
        sock.settimeout(seconds)
        try:
            sock.connect(address)
            return sock
        except OSError as e:
            print(address, e)
            sock.close()
    return None


def read_all(sock):
    text = b""
    while True:
        part = sock.recv(7)
        if not part:
            sock.close()
            return text
        text = text + part


def fetch(host, port):
    return read_all(try_each(host, port))


def first_open(host, ports, seconds):
    for port in ports:
        sock = try_each(host, port, seconds)
        if sock:
            sock.close()
            return port


def visit(host, port):
    sock = try_each(host, port)
    if sock is None:
        raise ConnectionError("no address of " + host + " answers")
    return read_all(sock)
