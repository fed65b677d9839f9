"""Right: a process for each client (POSIX only), and a generator of lines; the system collects ended children."""

import os
import signal
import socket


def lines_from(c):
    waiting = bytearray()
    while len(waiting) <= LONGEST:
        some = c.recv(100)
        if not some:
            return
        waiting += some
        while (n := waiting.find(b"\r\n")) != -1:
            yield waiting[:n].decode("utf-8")
            del waiting[: n + 2]


def child(c):
    for line in lines_from(c):
        c.sendall((line[::-1] + "\r\n").encode("utf-8"))


def mirror(host, port):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    s = socket.create_server((host, port))
    while True:
        c, _ = s.accept()
        if os.fork() == 0:
            s.close()
            try:
                child(c)
            except ConnectionError:
                pass
            c.close()
            os._exit(0)
        c.close()
