"""Right: IPv6 sockets for everything; an IPv4 address is bound as a mapped one."""

import socket


def six(host, port):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == "":
        host = "::"
    elif ":" not in host:
        host = "::ffff:" + host
    sock.bind((host, port))
    sock.listen()
    return sock


def greet(host, port):
    sock = six(host, port)
    while True:
        visitor, (address, *_) = sock.accept()
        with visitor:
            visitor.sendall(b"hello\r\n")


def welcome(host, port):
    greet(host, port)


def one_guest(host, port):
    while True:
        with six(host, port) as sock:
            visitor, _ = sock.accept()
            visitor.sendall(b"hello\r\n")
        with visitor:
            while visitor.recv(16):
                pass
