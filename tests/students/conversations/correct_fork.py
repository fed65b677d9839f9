"""Right: a process for each client (POSIX only); ended children are collected after each accept."""

import contextlib
import os
import socket


def collect_children():
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break


def run_forking(host, port, work):
    srv = socket.create_server((host, port))
    while True:
        cli, peer = srv.accept()
        collect_children()
        if os.fork():
            cli.close()
            continue
        status = 1
        try:
            srv.close()
            work(cli)
            status = 0
        except ConnectionError:
            status = 0
        finally:
            os._exit(status)


def repeat(cli):
    for chunk in iter(lambda: cli.recv(1024), b""):
        cli.sendall(chunk)


def measure(cli):
    seen = b""
    while b"\r\n" not in seen:
        chunk = cli.recv(1460)
        if not chunk:
            return
        seen += chunk
    line, _, _ = seen.partition(b"\r\n")
    cli.sendall(b"%d\r\n" % len(line))
    cli.shutdown(socket.SHUT_WR)
    while cli.recv(1460):
        pass


def echo(host, port):
    run_forking(host, port, repeat)


def carry(host, port):
    run_forking(host, port, repeat)


def answer(host, port):
    run_forking(host, port, measure)
