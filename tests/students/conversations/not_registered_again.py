"""Not one of the sixty: takes a client out of the selector to answer it, and does not put it back."""

import selectors
import socket

FAILS = ("echo",)
NAMED = None


def echo(host, port):
    sel = selectors.DefaultSelector()
    server = socket.create_server((host, port))
    sel.register(server, selectors.EVENT_READ)
    while True:
        for key, mask in sel.select():
            sock = key.fileobj
            if sock is server:
                conn, _ = server.accept()
                conn.setblocking(False)
                sel.register(conn, selectors.EVENT_READ, b"")
            elif mask & selectors.EVENT_READ:
                data = sock.recv(4096)
                if data:
                    sel.modify(sock, selectors.EVENT_WRITE, data)
                else:
                    sel.unregister(sock)
                    sock.close()
            else:
                sent = sock.send(key.data)
                rest = key.data[sent:]
                if rest:
                    sel.modify(sock, selectors.EVENT_WRITE, rest)
                else:
                    sel.unregister(sock)
