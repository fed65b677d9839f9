"""Right: a process for each client (POSIX only); ended children are waited for in a signal handler."""

import os
import signal
import socket


def bury(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def forking_server(family, host, port):
    signal.signal(signal.SIGCHLD, bury)
    lsock = socket.socket(family, socket.SOCK_STREAM)
    lsock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    lsock.bind((host, port))
    lsock.listen(16)
    while True:
        csock, _ = lsock.accept()
        pid = os.fork()
        if pid == 0:
            try:
                lsock.close()
                csock.sendall(b"hello\r\n")
                csock.close()
            finally:
                os._exit(0)
        csock.close()


def greet(host, port):
    forking_server(socket.AF_INET, host, port)


def welcome(host, port):
    if ":" in host:
        forking_server(socket.AF_INET6, host, port)
    else:
        forking_server(socket.AF_INET, host, port)


def one_guest(host, port):
    while True:
        lsock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        lsock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        lsock.bind((host, port))
        lsock.listen(1)
        csock, _ = lsock.accept()
        lsock.close()
        pid = os.fork()
        if pid == 0:
            csock.sendall(b"hello\r\n")
            while csock.recv(512):
                pass
            os._exit(0)
        csock.close()
        os.waitpid(pid, 0)
