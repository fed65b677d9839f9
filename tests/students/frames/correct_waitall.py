"""Right: MSG_WAITALL makes recv wait for all bytes, and a shorter answer is the end."""

import socket


def swap(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                while True:
                    head = conn.recv(4, socket.MSG_WAITALL)
                    if len(head) < 4:
                        break
                    size = int.from_bytes(head, "big")
                    if size > LONGEST:
                        break
                    body = conn.recv(size, socket.MSG_WAITALL) if size else b""
                    if len(body) < size:
                        break
                    conn.sendall(frame(body[::-1]))
            except ConnectionError:
                pass
