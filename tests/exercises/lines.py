"""Lines: a server for many clients at once, which speaks in lines of text.

Mistakes with recv where messages end in a delimiter, and with many clients.
"""

# %% setup
import contextlib
import socket
import threading

from autograder import cuts, serve

LONGEST = 65_536

# %% solution mirror


def mirror(host, port):
    """Answer each line with its characters in reverse order, as a line; many clients at once, for ever.

    Lines are UTF-8 and end in CR LF. A line and its CR may have LONGEST bytes; a client that sends more without a line
    end is disconnected. A connection that its client ends or resets is closed. The server can be reached at host, and
    nowhere else.
    """

    ### BEGIN SOLUTION
    def talk(connection):
        with connection, contextlib.suppress(ConnectionError):
            unread = b""
            while len(unread) <= LONGEST and (piece := connection.recv(4096)):
                *lines, unread = (unread + piece).split(b"\r\n")
                for line in lines:
                    connection.sendall(line.decode()[::-1].encode() + b"\r\n")

    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=talk, args=(connection,), daemon=True).start()
    ### END SOLUTION


# %% check mirror-lines
with serve(mirror) as server:
    client = server.connect()
    client.sends(b"abc\r\n")
    client.expects_line(b"cba")
    client.sends_together(b"one\r\n", b"two\r\n")
    client.expects(b"eno\r\nowt\r\n")
    client.sends(b"three\r\nfour\r\n", pieces=[9])
    client.expects(b"eerht\r\nruof\r\n")
    client.sends(b"five\r\n", pieces=cuts.inside(b"five\r\n", b"\r\n"))
    client.expects_line(b"evif")
    text = "é汉字!\r\n".encode()
    client.sends(text, pieces=cuts.characters(text))
    client.expects_line("!字汉é".encode())
with serve(mirror, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    client = server.connect()
    longest = b"x" * (LONGEST - 1)
    client.sends(longest + b"\r\n", pieces=[LONGEST - 1, 1])
    client.expects_line(longest)
    server.connect().resets()
    server.connect().closes()
    client.half_closes()
    client.expects_eof()
    server.expects_sockets_closed()

# %% check mirror-many
with serve(mirror) as server:
    clients = [server.connect() for _ in range(3)]
    for client in (*clients, *reversed(clients)):
        client.sends(b"in turn\r\n")
        client.expects_line(b"nrut ni")
    first, second, third = clients
    first.sends(b"half a li")
    first.expects_silence()
    second.sends(b"whole\r\n")
    second.expects_line(b"elohw")
    first.sends(b"ne\r\n")
    first.expects_line(b"enil a flah")
    idle = server.connect()
    late = server.connect()
    late.sends(b"late\r\n")
    late.expects_line(b"etal")
    slow = server.connect(receive_buffer=4096)
    slow.floods((b"x" * 998 + b"\r\n") * 16_000)
    third.sends(b"quick\r\n")
    third.expects_line(b"kciuq")

# %% check mirror-endless
with serve(mirror) as server:
    client = server.connect()
    client.floods(b"x" * 24_000_000)
    server.expects_memory_within(8_000_000)
    server.expects_sockets_closed()
