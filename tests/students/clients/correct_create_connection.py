"""Right: create_connection, which tries every address of a name, with its time-out."""

import socket


def fetch(host, port):
    s = socket.create_connection((host, port))
    chunks = list(iter(lambda: s.recv(100), b""))
    s.close()
    return b"".join(chunks)


def first_open(host, ports, seconds):
    for p in ports:
        try:
            socket.create_connection((host, p), timeout=seconds).close()
        except (ConnectionRefusedError, TimeoutError):
            pass
        else:
            return p
    return None


def visit(host, port):
    with socket.create_connection((host, port), timeout=10) as s:
        s.settimeout(None)
        return b"".join(iter(lambda: s.recv(65536), b""))
