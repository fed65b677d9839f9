"""Right: non-blocking sockets and one selector, with what can't be sent yet kept for later."""

import selectors
import socket


def listening(host, port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(100)
    listener.setblocking(False)
    return listener


class Client:
    """One client of the echo server: what has still to be sent, and whether it will send more."""

    def __init__(self, sock):
        self.sock, self.waiting, self.ended = sock, bytearray(), False

    def read(self):
        data = self.sock.recv(65536)
        self.waiting += data
        self.ended = not data

    def write(self):
        sent = self.sock.send(self.waiting)
        del self.waiting[:sent]

    def wants(self):
        reading = 0 if self.ended or len(self.waiting) > 1_000_000 else selectors.EVENT_READ
        return reading | (selectors.EVENT_WRITE if self.waiting else 0)


def get_daytime(host, port):
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex((host, port))
    with selectors.DefaultSelector() as selector, sock:
        selector.register(sock, selectors.EVENT_READ)
        reply = b""
        while True:
            selector.select()
            part = sock.recv(100)
            if part == b"":
                return reply.decode("ascii").removesuffix("\r\n")
            reply += part


def quote_server(host, port):
    listener = listening(host, port)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_WRITE, bytearray(QUOTE.encode() + b"\r\n"))
                continue
            del key.data[: key.fileobj.send(key.data)]
            if not key.data:
                selector.unregister(key.fileobj)
                key.fileobj.close()


def quote_server_udp(host, port):
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.bind((host, port))
    sock.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ)
    while True:
        selector.select()
        try:
            while True:
                _, addr = sock.recvfrom(512)
                sock.sendto(QUOTE.encode() + b"\r\n", addr)
        except BlockingIOError:
            pass


def echo_server(host, port):
    listener = listening(host, port)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            client = key.data
            if client is None:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ, Client(conn))
                continue
            try:
                if events & selectors.EVENT_READ:
                    client.read()
                if events & selectors.EVENT_WRITE:
                    client.write()
                if client.wants():
                    selector.modify(client.sock, client.wants(), client)
                    continue
            except ConnectionError:
                pass
            selector.unregister(client.sock)
            client.sock.close()


def echo_client(host, port, data):
    back, rest = bytearray(), memoryview(data)
    with socket.create_connection((host, port)) as sock, selectors.DefaultSelector() as selector:
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while True:
            for _, events in selector.select():
                if events & selectors.EVENT_WRITE:
                    rest = rest[sock.send(rest[:65536]) :]
                    if not rest:
                        sock.shutdown(socket.SHUT_WR)
                        selector.modify(sock, selectors.EVENT_READ)
                if events & selectors.EVENT_READ:
                    part = sock.recv(65536)
                    if not part:
                        return bytes(back)
                    back += part
