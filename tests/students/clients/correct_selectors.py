"""Right: a non-blocking connect, select until it is writable, then SO_ERROR."""

import errno
import os
import select
import socket


def connected(family, address, seconds):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        _, writable, failed = select.select([], [sock], [sock], seconds)
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if writable or failed else errno.ETIMEDOUT
    if code != 0:
        sock.close()
        raise OSError(code, os.strerror(code))
    return sock


def drain(sock):
    result = bytearray()
    while True:
        select.select([sock], [], [])
        try:
            piece = sock.recv(1000)
        except BlockingIOError:
            continue
        if not piece:
            break
        result += piece
    sock.close()
    return bytes(result)


def fetch(host, port):
    return drain(connected(socket.AF_INET, (host, port), None))


def first_open(host, ports, seconds):
    for port in ports:
        try:
            connected(socket.AF_INET, (host, port), seconds).close()
            return port
        except OSError:
            pass
    return None


def visit(host, port):
    problem = None
    for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return drain(connected(family, address, 5.0))
        except OSError as error:
            problem = error
    raise problem
