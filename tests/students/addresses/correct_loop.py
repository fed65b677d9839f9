"""Right: one client after another, call by call; welcome asks getaddrinfo where to bind."""

import socket


def greet(host, port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port))
    s.listen(5)
    while True:
        c, addr = s.accept()
        c.sendall(b"hello\r\n")
        c.close()


def welcome(host, port):
    info = socket.getaddrinfo(host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, proto, _, where = info[0]
    s = socket.socket(family, kind, proto)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(where)
    s.listen(1)
    while True:
        c, addr = s.accept()
        print("visitor from", addr[0])
        c.sendall(b"hello\r\n")
        c.shutdown(socket.SHUT_WR)
        c.close()


def one_guest(host, port):
    while True:
        s = socket.create_server((host, port))
        guest, addr = s.accept()
        s.close()
        guest.sendall(b"hello\r\n")
        while True:
            if guest.recv(1) == b"":
                break
        guest.close()
