"""Right: a thread for each client, and recv_into a buffer of the announced size."""

import socket
import threading


def fill(sock, buffer):
    view = memoryview(buffer)
    while view:
        count = sock.recv_into(view)
        if count == 0:
            raise EOFError
        view = view[count:]


def talk_to(sock):
    with sock:
        header = bytearray(4)
        try:
            while True:
                fill(sock, header)
                size = int.from_bytes(header, byteorder="big", signed=False)
                if size > LONGEST:
                    return
                body = bytearray(size)
                fill(sock, body)
                body.reverse()
                sock.sendall(header)
                sock.sendall(body)
        except (EOFError, OSError):
            return


def swap(host, port):
    with socket.create_server((host, port)) as s:
        while True:
            sock, _ = s.accept()
            threading.Thread(target=talk_to, args=(sock,), daemon=True).start()
