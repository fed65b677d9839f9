"""Mistake 45: takes all that a recv returned for one line, once it ends in CR LF."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-lines",)
NAMED = 45


def answer_client(conn):
    data = b""
    try:
        while True:
            part = conn.recv(4096)
            if not part:
                break
            data += part
            if data.endswith(b"\r\n"):
                line = data.decode("utf-8").strip("\r\n")
                conn.sendall(line[::-1].encode("utf-8") + b"\r\n")
                data = b""
            elif len(data) > LONGEST:
                break
    except ConnectionError:
        pass
    finally:
        conn.close()


def mirror(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, addr = listener.accept()
        threading.Thread(target=answer_client, args=(conn,), daemon=True).start()
