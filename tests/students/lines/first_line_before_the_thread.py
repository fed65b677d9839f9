"""Mistake 29: reads a client's first line before its thread is started, so a silent one keeps all others out."""

import socket
import threading

LONGEST = 65_536
FAILS = ("mirror-many",)
NAMED = 29


class Client:
    def __init__(self, conn):
        self.conn = conn
        self.buffer = b""

    def read_line(self):
        while b"\r\n" not in self.buffer:
            data = self.conn.recv(4096)
            if not data or len(self.buffer) > LONGEST:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode("utf-8")

    def write_line(self, text):
        self.conn.sendall(text.encode("utf-8") + b"\r\n")


def talk(client, line):
    try:
        while line is not None:
            client.write_line(line[::-1])
            line = client.read_line()
    except ConnectionError:
        pass
    client.conn.close()


def mirror(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn, addr = listener.accept()
        client = Client(conn)
        try:
            first = client.read_line()
        except ConnectionError:
            conn.close()
            continue
        threading.Thread(target=talk, args=(client, first), daemon=True).start()
