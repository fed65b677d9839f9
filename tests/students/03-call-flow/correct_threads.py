"""Right: a thread for each client; the echo client sends in one thread and reads in another."""

import socket
import threading


def listen(host, port):
    listener = socket.create_server((host, port))
    while True:
        yield listener.accept()[0]


def echo(conn):
    with conn:
        try:
            while data := conn.recv(65536):
                conn.sendall(data)
        except OSError as error:
            print("a client went away:", error)


def say_quote(conn):
    with conn:
        conn.sendall(f"{QUOTE}\r\n".encode())


def get_daytime(host, port):
    with socket.create_connection((host, port)) as sock:
        parts = list(iter(lambda: sock.recv(64), b""))
    return b"".join(parts).decode().strip()


def quote_server(host, port):
    for conn in listen(host, port):
        threading.Thread(target=say_quote, args=(conn,), daemon=True).start()


def quote_server_udp(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))

    def answer(addr):
        sock.sendto(f"{QUOTE}\r\n".encode(), addr)

    while True:
        _, addr = sock.recvfrom(512)
        threading.Thread(target=answer, args=(addr,)).start()


def echo_server(host, port):
    for conn in listen(host, port):
        threading.Thread(target=echo, args=(conn,), daemon=True).start()


def echo_client(host, port, data):
    with socket.create_connection((host, port)) as sock:

        def send():
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        back = bytearray()
        while part := sock.recv(65536):
            back += part
        sender.join()
    return bytes(back)
