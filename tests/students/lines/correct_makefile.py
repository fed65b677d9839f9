"""Right: a thread for each client, and a file made of the socket, whose readline has a limit."""

import socket
import threading


def whole_line(file):
    line = b""
    while not line.endswith(b"\r\n"):
        more = file.readline(LONGEST + 2 - len(line))
        if not more:  # the end, or too long a line
            return None
        line += more
    return line[:-2]


def attend(conn):
    with conn, conn.makefile("rb") as file:
        try:
            while (line := whole_line(file)) is not None:
                conn.sendall(line.decode()[::-1].encode() + b"\r\n")
        except ConnectionError:
            pass


def mirror(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=attend, args=(conn,), daemon=True).start()
