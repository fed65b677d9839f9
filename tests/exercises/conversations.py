"""Conversations: servers that send back what they get (RFC 862), to the end and whatever the client does.

Mistakes with accept, send, recv and close.
"""

# %% setup
import socket

from autograder import seed, serve

# %% solution echo


def echo(host, port):
    """Send back to each client what it sends, at once, until its end of file, and close; one by one, for ever.

    It can be reached at host, and nowhere else.
    """
    ### BEGIN SOLUTION
    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)
    ### END SOLUTION


# %% check echo
with serve(echo) as server:
    client = server.connect()
    for message in (b"hello", seed.bytes(1024), b"is there an echo?", seed.bytes(4096)):
        client.sends(message)
        client.expects(message)
    client.half_closes()
    client.expects_eof()
    client = server.connect()
    client.sends(b"bye")
    client.expects(b"bye")
with serve(echo, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    client = server.connect()
    client.sends(b"here?")
    client.expects(b"here?")

# %% solution carry


def carry(host, port):
    """The same as echo, for clients that send much, read late, leave early and reset; no client harms the next one."""
    ### BEGIN SOLUTION
    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    while data := connection.recv(8192):
                        connection.sendall(data)
                except ConnectionError:
                    pass  # this client is gone; the next one is waiting
    ### END SOLUTION


# %% check carry-large
message = seed.bytes(6_000_000)
with serve(carry) as server:
    client = server.connect()
    client.sends(message, reads_late=True)
    client.half_closes()
    client.expects(message)
    client.expects_eof()

# %% check carry-reset
with serve(carry) as server:
    server.connect().resets()
    client = server.connect()
    client.sends(b"still there?")
    client.expects(b"still there?")

# %% check carry-gone
with serve(carry) as server:
    rude = server.connect(receive_buffer=4096)
    rude.floods(bytes(16_000_000))
    rude.resets()
    client = server.connect()
    client.sends(b"still there?")
    client.expects(b"still there?")
with serve(carry, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    first, hasty = server.connect(), server.connect()
    first.sends(b"a moment")
    first.expects(b"a moment")
    hasty.sends(bytes(40_000))
    hasty.closes()
    first.closes()
    client = server.connect()
    client.sends(b"still there?")
    client.expects(b"still there?")

# %% check carry-leak
with serve(carry) as server:
    for _ in range(200):
        client = server.connect()
        client.sends(b"x")
        client.expects(b"x")
        client.closes()
    server.expects_sockets_closed()

# %% solution answer


def answer(host, port):
    """Answer each client's first line with the number of bytes in it, as a line, and end your side of the connection.

    Throw away what else the client sends, until its end of file, and close. A line ends in CR LF, which does not
    count; a CR or LF alone is a byte of it. Clients come one after another, for ever, to host and nowhere else.
    """
    ### BEGIN SOLUTION
    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                data = b""
                while b"\r\n" not in data and (piece := connection.recv(4096)):
                    data += piece
                connection.sendall(b"%d\r\n" % data.find(b"\r\n"))
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass
    ### END SOLUTION


# %% check answer
with serve(answer) as server:
    client = server.connect()
    client.sends(b"hello\r\n" + bytes(20_000))
    client.expects_line(b"5")
    client.expects_eof()
    client.closes()
    client = server.connect()
    client.sends(b"hello, world\r\n", pieces=5)
    client.expects_line(b"12")
    client.expects_eof()
with serve(answer, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    client = server.connect()
    client.sends(b"not\nyet\r\n", pieces=4)
    client.expects_line(b"7")
    client.expects_eof()
    client.sends(b"this is thrown away", pieces=5)
    client.half_closes()
    server.expects_sockets_closed()
