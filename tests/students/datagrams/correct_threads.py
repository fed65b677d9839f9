"""Right: a thread for each datagram, and for each question; unconnected sockets, and the sender is compared."""

import socket
import threading
import time


def bounce(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind((host, port))
        while True:
            packet, source = udp.recvfrom(1 << 16)
            threading.Thread(target=udp.sendto, args=(packet, source)).start()


def tell(host, port, data):
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        pieces = [data[i : i + 30000] for i in range(0, len(data), 30000)] + [b""]
        for piece in pieces:
            udp.sendto(piece, (host, port))


def is_there(host, port, seconds):
    end = time.monotonic() + seconds
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(b"ping", (host, port))
        while (left := end - time.monotonic()) > 0:
            udp.settimeout(left)
            try:
                _, source = udp.recvfrom(1 << 16)
            except TimeoutError:
                return False
            if source == (host, port):
                return True
    return False


def ask_both(host, ports):
    answers = {}

    def ask(port):
        with socket.socket(type=socket.SOCK_DGRAM) as udp:
            udp.sendto(b"?", (host, port))
            source = None
            while source != (host, port):
                answers[port], source = udp.recvfrom(1 << 16)

    for port in ports:
        asking = threading.Thread(target=ask, args=(port,))
        asking.start()
        asking.join()
    return answers[ports[0]], answers[ports[1]]
