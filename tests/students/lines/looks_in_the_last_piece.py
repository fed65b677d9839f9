"""Mistake 47: looks for CR LF in the piece that came last, not in all that has come."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-lines",)
NAMED = 47


def handle(connection):
    unread = b""
    try:
        while True:
            piece = connection.recv(4096)
            if piece == b"":
                break
            unread += piece
            if b"\r\n" in piece:
                lines = unread.split(b"\r\n")
                unread = lines.pop()
                for line in lines:
                    answer = line.decode("utf-8")[::-1]
                    connection.sendall(answer.encode("utf-8") + b"\r\n")
            if len(unread) > LONGEST:
                break
    except OSError:
        pass
    connection.close()


def mirror(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(50)
    while True:
        connection, address = listener.accept()
        thread = threading.Thread(target=handle, args=(connection,))
        thread.daemon = True
        thread.start()
