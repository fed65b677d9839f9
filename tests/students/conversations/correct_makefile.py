"""Right: files made of sockets, read with read1 or unbuffered, and flushed."""

import socket


def echo(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, _ = listener.accept()
            with conn, conn.makefile("rwb") as f:
                while chunk := f.read1(4096):
                    f.write(chunk)
                    f.flush()


def carry(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, _ = listener.accept()
            with conn, conn.makefile("rb", buffering=0) as f:
                try:
                    while chunk := f.read(16_384):
                        conn.sendall(chunk)
                except ConnectionError:
                    continue


def answer(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            conn, _ = listener.accept()
            lines = conn.makefile("r", encoding="latin-1", newline="\r\n")
            out = conn.makefile("w", newline="")
            with conn, lines, out:
                first_line = lines.readline()
                out.write(f"{len(first_line) - 2}\r\n")
                out.flush()
                conn.shutdown(socket.SHUT_WR)
                while lines.read(1000):
                    pass
