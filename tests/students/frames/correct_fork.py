"""Right: a process for each client (POSIX only), whose own child has been waited for before it serves."""

import os
import socket


def get(conn, count):
    got = b""
    while len(got) != count:
        new = conn.recv(count - len(got))
        if new == b"":
            os._exit(0)
        got += new
    return got


def converse(conn):
    while True:
        a, b, c, d = get(conn, 4)
        length = (a << 24) | (b << 16) | (c << 8) | d
        if length > LONGEST:
            break
        conn.sendall(frame(get(conn, length)[::-1]))


def swap(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn, _ = listener.accept()
        middle = os.fork()
        if middle == 0:
            if os.fork() == 0:
                listener.close()
                try:
                    converse(conn)
                except ConnectionError:
                    pass
            os._exit(0)
        conn.close()
        os.waitpid(middle, 0)
