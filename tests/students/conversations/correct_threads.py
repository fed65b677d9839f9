"""Right: a thread for each client; recv_into a buffer of its own."""

import socket
import threading


def threaded(host, port, target):
    with socket.create_server((host, port), backlog=128) as listener:
        while True:
            client_sock, _ = listener.accept()
            t = threading.Thread(target=target, args=(client_sock,))
            t.daemon = True
            t.start()


def send_back(client_sock):
    buf = bytearray(7000)
    view = memoryview(buf)
    with client_sock:
        try:
            n = client_sock.recv_into(buf)
            while n > 0:
                client_sock.sendall(view[:n])
                n = client_sock.recv_into(buf)
        except (ConnectionResetError, BrokenPipeError):
            return


def count_first_line(client_sock):
    with client_sock:
        received = bytearray()
        while (end := received.find(b"\r\n")) < 0:
            part = client_sock.recv(7)
            if not part:
                return
            received.extend(part)
        client_sock.sendall(f"{end}\r\n".encode())
        client_sock.shutdown(socket.SHUT_WR)
        client_sock.settimeout(5)
        try:
            while client_sock.recv(65536):
                pass
        except TimeoutError:
            pass


def echo(host, port):
    threaded(host, port, send_back)


def carry(host, port):
    threaded(host, port, send_back)


def answer(host, port):
    threaded(host, port, count_first_line)
