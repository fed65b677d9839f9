"""Addresses: servers that can be met where they are told to be, at any time, and nowhere else.

Mistakes with socket, bind, socket options, listen and accept.
"""

# %% setup
import socket

from autograder import serve

# %% solution greet


def greet(host, port):
    """Send each client that connects to (host, port) the line "hello", CR LF at its end, and close; for ever.

    It listens at host, an IPv4 address, and nowhere else. It can be killed and started again at once, and nobody else
    gets its port while it runs.
    """
    ### BEGIN SOLUTION
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"hello\r\n")
    ### END SOLUTION


# %% check greet
with serve(greet) as server:
    for _ in range(2):
        client = server.connect()
        client.expects_line(b"hello")
        client.expects_eof()
with serve(greet, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    client = server.connect()
    client.expects_line(b"hello")
    client.expects_eof()
    server.restarts()
    server.expects_port_kept()
    server.connect().expects_line(b"hello")

# %% solution welcome


def welcome(host, port):
    """The same as greet, at any host: an IPv4 or IPv6 address, or "" for every IPv4 address."""
    ### BEGIN SOLUTION
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"hello\r\n")
    ### END SOLUTION


# %% check welcome-six
with serve(welcome, host="::1") as server:
    server.connect().expects_line(b"hello")

# %% check welcome-every
with serve(welcome, host="") as server:
    server.connect(to="127.0.0.2").expects_line(b"hello")

# %% check welcome-one
with serve(welcome) as server:
    server.refuses(to="127.0.0.2")
    server.connect().expects_line(b"hello")

# %% check welcome-restart
with serve(welcome) as server:
    client = server.connect()
    client.expects_line(b"hello")
    client.expects_eof()
    server.restarts()
    server.connect().expects_line(b"hello")

# %% check welcome-alone
with serve(welcome) as server:
    server.expects_port_kept()
    server.connect().expects_line(b"hello")

# %% check welcome-many
with serve(welcome) as server:
    for number in range(5):
        client = server.connect()
        client.expects_line(b"hello")
        client.expects_eof()
        client.closes()
        if number == 0:
            server.expects_sockets_closed()

# %% solution one_guest


def one_guest(host, port):
    """Greet a guest as greet does, but close only at the guest's end of file; throw away all that comes before it.

    Whoever connects meanwhile is refused. For ever; host, starting again and the port are as in greet.
    """
    ### BEGIN SOLUTION
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen()
            guest, _ = listener.accept()
        with guest:
            guest.sendall(b"hello\r\n")
            while guest.recv(4096):
                pass
    ### END SOLUTION


# %% check one-guest
with serve(one_guest) as server:
    for _ in range(2):
        guest = server.connect()
        guest.expects_line(b"hello")
        server.refuses()
        server.refuses()
        guest.closes()
with serve(one_guest, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    guest = server.connect()
    guest.expects_line(b"hello")
    guest.sends(b"and hello to you", pieces=9)
    server.refuses()
    guest.half_closes()
    guest.expects_eof()
    server.connect().expects_line(b"hello")
    server.restarts()
    server.expects_port_kept()
    server.connect().expects_line(b"hello")
