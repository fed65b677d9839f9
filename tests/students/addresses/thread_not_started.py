"""Not one of the sixty: makes a thread for each client, and never starts it."""

import socket
import threading

FAILS = ("greet",)
NAMED = None


def say_hello(client):
    with client:
        client.sendall(b"hello\r\n")


def greet(host, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(10)
    threads = []
    while True:
        client, address = server.accept()
        thread = threading.Thread(target=say_hello, args=(client,), daemon=True)
        threads.append(thread)
