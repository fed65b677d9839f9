"""Not one of the sixty: reverses the bytes of a line, not its characters."""

import socket
import threading

FAILS = ("mirror-lines",)
NAMED = None


def serve_client(conn):
    buffer = b""
    try:
        while len(buffer) <= LONGEST:
            data = conn.recv(4096)
            if not data:
                break
            buffer += data
            while b"\r\n" in buffer:
                line, buffer = buffer.split(b"\r\n", 1)
                conn.sendall(line[::-1] + b"\r\n")
    except ConnectionError:
        pass
    finally:
        conn.close()


def mirror(host, port):
    server = socket.create_server((host, port))
    while True:
        conn, addr = server.accept()
        threading.Thread(target=serve_client, args=(conn,), daemon=True).start()
