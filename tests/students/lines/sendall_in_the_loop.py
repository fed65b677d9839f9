"""Mistake 39: one loop with a selector for all clients, and a sendall in it that waits for one of them."""

import selectors
import socket

LONGEST = 65_536
FAILS = ("mirror-many",)
NAMED = 39


def mirror(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    selector.register(listener, selectors.EVENT_READ)
    buffers = {}
    while True:
        for key, _ in selector.select():
            sock = key.fileobj
            if sock is listener:
                client, _ = listener.accept()
                buffers[client] = b""
                selector.register(client, selectors.EVENT_READ)
                continue
            try:
                data = sock.recv(4096)
                *lines, buffers[sock] = (buffers[sock] + data).split(b"\r\n")
                for line in lines:
                    sock.sendall(line.decode()[::-1].encode() + b"\r\n")
            except ConnectionError:
                data = b""
            if not data or len(buffers[sock]) > LONGEST:
                selector.unregister(sock)
                del buffers[sock]
                sock.close()
