"""Right: non-blocking sockets; a selector with a time-out; both servers are asked before either has answered."""

import selectors
import socket


def udp_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
    sock.setblocking(False)
    return sock


def bounce(host, port):
    sock = udp_socket()
    sock.bind((host, port))
    with selectors.DefaultSelector() as sel:
        sel.register(sock, selectors.EVENT_READ)
        while True:
            sel.select()
            while True:
                try:
                    data, _, _, addr = sock.recvmsg(65535)
                except BlockingIOError:
                    break
                sock.sendto(data, addr)


def tell(host, port, data):
    with udp_socket() as sock, selectors.DefaultSelector() as sel:
        sel.register(sock, selectors.EVENT_WRITE)
        start = 0
        while start <= len(data):
            sel.select()
            try:
                sock.sendto(data[start : start + 30_000], (host, port))
            except BlockingIOError:
                continue
            if start == len(data):
                return
            start = min(start + 30_000, len(data))


def is_there(host, port, seconds):
    with udp_socket() as sock, selectors.DefaultSelector() as sel:
        sock.connect((host, port))
        sel.register(sock, selectors.EVENT_READ)
        try:
            sock.send(b"ping")
            if not sel.select(seconds):
                return False
            sock.recv(1)
        except ConnectionRefusedError:
            return False
        return True


def ask_both(host, ports):
    answers = {}
    with udp_socket() as sock, selectors.DefaultSelector() as sel:
        sel.register(sock, selectors.EVENT_READ)
        for port in ports:
            sock.sendto(b"?", (host, port))
        while len(answers) < len(ports):
            sel.select()
            answer, (_, sender) = sock.recvfrom(2048)
            if sender in ports:
                answers[sender] = answer
    return tuple(answers[port] for port in ports)
