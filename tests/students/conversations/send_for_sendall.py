"""Mistake 38: takes what send was given for what it sent."""

import select
import socket

FAILS = ("carry-large",)
NAMED = 38


def carry(host, port):
    listener = socket.create_server((host, port))
    clients = []
    while True:
        for sock in select.select([listener, *clients], [], [])[0]:
            if sock is listener:
                client, _ = listener.accept()
                client.setblocking(False)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                clients.append(client)
                continue
            try:
                data = sock.recv(65536)
                if data:
                    sock.send(data)
                    continue
            except BlockingIOError:
                continue
            except ConnectionError:
                pass
            clients.remove(sock)
            sock.close()
