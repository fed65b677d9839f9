"""Mistake 60: closes when the client has half-closed, with bytes still to send."""

import selectors
import socket

FAILS = ("carry-large",)
NAMED = 60


def carry(host, port):
    listener = socket.create_server((host, port))
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            sock, left = key.fileobj, key.data
            try:
                if sock is listener:
                    conn, _ = listener.accept()
                    conn.setblocking(False)
                    selector.register(conn, selectors.EVENT_READ, bytearray())
                    continue
                if events & selectors.EVENT_READ:
                    data = sock.recv(65536)
                    if not data:
                        raise EOFError
                    left += data
                if left:
                    del left[: sock.send(left)]
            except BlockingIOError:
                pass
            except (EOFError, ConnectionError):
                selector.unregister(sock)
                sock.close()
                continue
            selector.modify(sock, selectors.EVENT_READ | (selectors.EVENT_WRITE if left else 0), left)
