"""Right: one selector; each client has its own queue of output, and is not read while that is long."""

import selectors
import socket

ENOUGH = 100_000


class Peer:
    def __init__(self, sock):
        self.sock = sock
        self.inbox = bytearray()
        self.outbox = bytearray()
        self.finished = False

    def can_read(self):
        data = self.sock.recv(8192)
        if not data:
            self.finished = True
        self.inbox += data
        while (end := self.inbox.find(b"\r\n")) >= 0:
            line = bytes(self.inbox[:end]).decode("utf-8")
            del self.inbox[: end + 2]
            self.outbox += line[::-1].encode("utf-8") + b"\r\n"
        if len(self.inbox) > LONGEST:
            raise ConnectionAbortedError("line too long")

    def can_write(self):
        sent = self.sock.send(self.outbox)
        del self.outbox[:sent]

    def interest(self):
        wanted = 0
        if not self.finished and len(self.outbox) < ENOUGH:
            wanted |= selectors.EVENT_READ
        if self.outbox:
            wanted |= selectors.EVENT_WRITE
        return wanted


def mirror(host, port):
    selector = selectors.DefaultSelector()
    listener = socket.create_server((host, port), backlog=20)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            peer = key.data
            if peer is None:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ, Peer(conn))
                continue
            try:
                if events & selectors.EVENT_READ:
                    peer.can_read()
                if events & selectors.EVENT_WRITE:
                    peer.can_write()
                wanted = peer.interest()
            except (ConnectionError, UnicodeDecodeError):
                wanted = 0
            if wanted:
                selector.modify(peer.sock, wanted, peer)
            else:
                selector.unregister(peer.sock)
                peer.sock.close()
