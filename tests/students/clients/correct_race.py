"""Right: all connects at once; the first that comes through wins, or the first in order."""

import queue
import selectors
import socket
import threading
import time


def first_open(host, ports, seconds):
    tries, works = {}, {}
    with selectors.DefaultSelector() as sel:
        for port in ports:
            tries[port] = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            tries[port].setblocking(False)
            tries[port].connect_ex((host, port))
            sel.register(tries[port], selectors.EVENT_WRITE, port)
        end = time.monotonic() + seconds
        while len(works) < len(ports) and (left := end - time.monotonic()) > 0:
            for key, _ in sel.select(left):
                works[key.data] = key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
                sel.unregister(key.fileobj)
    for sock in tries.values():
        sock.close()
    return next((port for port in ports if works.get(port)), None)


def visit(host, port):
    results = queue.Queue()

    def attempt(family, address):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.connect(address)
            results.put(sock)
        except OSError:
            sock.close()
            results.put(None)

    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, _, _, _, address in found:
        threading.Thread(target=attempt, args=(family, address)).start()
    for _ in found:
        sock = results.get()
        if sock is not None:
            with sock:
                return b"".join(iter(lambda: sock.recv(5), b""))
    raise ConnectionRefusedError
