"""Right: one socket and one loop; connected sockets for the clients, one for each server."""

import socket


def bounce(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    buffer = bytearray(70_000)
    while True:
        size, addr = sock.recvfrom_into(buffer)
        sock.sendto(memoryview(buffer)[:size], addr)


def tell(host, port, data):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((host, port))
    rest = data
    while rest:
        sock.send(rest[:30000])
        rest = rest[30000:]
    sock.send(b"")
    sock.close()


def is_there(host, port, seconds):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.connect((host, port))
        sock.settimeout(seconds)
        sock.send(b"ping")
        sock.recv(65535)
        return True
    except OSError:
        return False
    finally:
        sock.close()


def ask_both(host, ports):
    answers = []
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect((host, port))
            sock.send(b"?")
            answers.append(sock.recv(65535))
    return tuple(answers)
