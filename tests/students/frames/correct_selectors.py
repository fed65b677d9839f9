"""Right: a selector, and a generator for each client that says how many bytes it needs next."""

import selectors
import socket


def dialogue():
    """Yields what it needs and what it says: (bytes wanted, bytes to send)."""
    reply = b""
    while True:
        head = yield 4, reply
        size = int.from_bytes(head, "big")
        if size > LONGEST:
            return
        body = yield size, b""
        reply = frame(body[::-1])


class Session:
    def __init__(self, sock):
        self.sock, self.received, self.to_send = sock, b"", b""
        self.steps = dialogue()
        self.needs, _ = next(self.steps)

    def advance(self):
        while len(self.received) >= self.needs:
            taken, self.received = self.received[: self.needs], self.received[self.needs :]
            self.needs, reply = self.steps.send(taken)
            self.to_send += reply

    def go(self, mask):
        """Returns what to wait for next, 0 for nothing more."""
        if mask & selectors.EVENT_WRITE:
            n = self.sock.send(self.to_send)
            self.to_send = self.to_send[n:]
        else:
            some = self.sock.recv(5000)
            if not some:
                return 0
            self.received += some
            self.advance()
        return selectors.EVENT_WRITE if self.to_send else selectors.EVENT_READ


def swap(host, port):
    poll = selectors.DefaultSelector()
    door = socket.create_server((host, port))
    door.setblocking(False)
    poll.register(door, selectors.EVENT_READ)
    while True:
        for key, mask in poll.select():
            if key.fileobj is door:
                sock, _ = door.accept()
                sock.setblocking(False)
                poll.register(sock, selectors.EVENT_READ, Session(sock))
                continue
            try:
                after = key.data.go(mask)
            except (ConnectionError, StopIteration):
                after = 0
            if after:
                poll.modify(key.fileobj, after, key.data)
            else:
                poll.unregister(key.fileobj)
                key.fileobj.close()
