"""Right: recv_into a buffer that grows; the ports are tried all at once, in threads."""

import concurrent.futures
import socket


def slurp(sock):
    buffer, used = bytearray(16), 0
    while True:
        if used == len(buffer):
            buffer.extend(bytes(len(buffer)))
        with memoryview(buffer) as view:
            n = sock.recv_into(view[used:])
        if n == 0:
            return bytes(buffer[:used])
        used += n


def fetch(host, port):
    with socket.socket() as sock:
        sock.connect((host, port))
        return slurp(sock)


def first_open(host, ports, seconds):
    def is_open(port):
        with socket.socket() as sock:
            sock.settimeout(seconds)
            try:
                sock.connect((host, port))
            except OSError:
                return False
        return True

    with concurrent.futures.ThreadPoolExecutor(len(ports)) as pool:
        for port, works in zip(ports, pool.map(is_open, ports)):
            if works:
                return port
    return None


def visit(host, port):
    addresses = {info[4]: info[0] for info in socket.getaddrinfo(host, port) if info[1] == socket.SOCK_STREAM}
    for address, family in addresses.items():
        try:
            with socket.socket(family) as sock:
                sock.connect(address)
                return slurp(sock)
        except ConnectionRefusedError:
            pass
    raise ConnectionRefusedError("nobody is there")
