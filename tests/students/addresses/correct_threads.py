"""Right: a thread for each client; the wildcard address is one socket for IPv4 and IPv6."""

import socket
import threading


def say_hello(conn):
    try:
        conn.sendall("hello\r\n".encode("ascii"))
    except OSError:
        pass
    finally:
        conn.close()


def accept_for_ever(listener):
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=say_hello, args=[conn]).start()


def greet(host, port):
    accept_for_ever(socket.create_server((host, port), backlog=50))


def welcome(host, port):
    if host == "" and socket.has_dualstack_ipv6():
        accept_for_ever(socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=True))
    elif ":" in host:
        accept_for_ever(socket.create_server((host, port), family=socket.AF_INET6))
    else:
        accept_for_ever(socket.create_server((host, port)))


def one_guest(host, port):
    def look_after(guest):
        with guest:
            guest.sendall(b"hello\r\n")
            while guest.recv(100):
                pass

    while True:
        with socket.create_server((host, port)) as door:
            guest, _ = door.accept()
        visit = threading.Thread(target=look_after, args=(guest,))
        visit.start()
        visit.join()
