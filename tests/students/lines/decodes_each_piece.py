"""Mistake 51: decodes what each recv returned, though a character may be cut in two there."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-lines",)
NAMED = 51


def chat(sock):
    with sock:
        text = ""
        while len(text.encode("utf-8")) <= LONGEST:
            try:
                data = sock.recv(4096)
                if not data:
                    return
                text += data.decode("utf-8")
                while "\r\n" in text:
                    line, text = text.split("\r\n", 1)
                    sock.sendall((line[::-1] + "\r\n").encode("utf-8"))
            except ConnectionError:
                return


def mirror(host, port):
    with socket.create_server((host, port)) as server:
        while True:
            sock, _ = server.accept()
            threading.Thread(target=chat, args=(sock,), daemon=True).start()
