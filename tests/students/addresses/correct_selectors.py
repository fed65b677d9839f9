"""Right: non-blocking sockets and a selector; welcome listens with one socket for each address of the host."""

import selectors
import socket


def listen_at(address, family=socket.AF_INET):
    lst = socket.socket(family, socket.SOCK_STREAM)
    lst.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        lst.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    lst.bind(address)
    lst.listen()
    lst.setblocking(False)
    return lst


def event_loop(listeners):
    sel = selectors.DefaultSelector()
    for lst in listeners:
        sel.register(lst, selectors.EVENT_READ, None)
    while True:
        for key, mask in sel.select():
            if key.data is None:
                try:
                    sock, peer = key.fileobj.accept()
                except BlockingIOError:
                    continue
                sock.setblocking(False)
                sel.register(sock, selectors.EVENT_WRITE, [b"hello\r\n"])
                continue
            try:
                sent = key.fileobj.send(key.data[0])
                key.data[0] = key.data[0][sent:]
            except BlockingIOError:
                continue
            except ConnectionError:
                key.data[0] = b""
            if not key.data[0]:
                sel.unregister(key.fileobj)
                key.fileobj.close()


def greet(host, port):
    event_loop([listen_at((host, port))])


def welcome(host, port):
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    event_loop([listen_at(where, family) for family, _, _, _, where in found])


def one_guest(host, port):
    sel = selectors.DefaultSelector()
    lst, guest = listen_at((host, port)), None
    sel.register(lst, selectors.EVENT_READ)
    while True:
        for key, mask in sel.select():
            if guest is None:
                guest, _ = lst.accept()
                sel.unregister(lst)
                lst.close()
                guest.send(b"hello\r\n")
                guest.setblocking(False)
                sel.register(guest, selectors.EVENT_READ)
            elif not guest.recv(4096):
                sel.unregister(guest)
                guest.close()
                lst, guest = listen_at((host, port)), None
                sel.register(lst, selectors.EVENT_READ)
