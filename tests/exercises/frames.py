"""Frames: a server whose messages begin with their length.

Mistakes with recv where a length says how much belongs together.
"""

# %% setup
import contextlib
import socket

from autograder import serve

LONGEST = 65_536


def frame(payload):
    """A payload as it is sent: behind its length, 4 bytes in network order."""
    return len(payload).to_bytes(4, "big") + payload


# %% solution swap


def swap(host, port):
    """Answer each frame with its payload's bytes in reverse order, as a frame; clients one after another, for ever.

    A client that announces more than LONGEST bytes, or ends within a frame, is disconnected. The server can be reached
    at host, and nowhere else.
    """

    ### BEGIN SOLUTION
    def read(connection, size):
        data = b""
        while len(data) < size:
            piece = connection.recv(size - len(data))
            if not piece:
                raise ConnectionError("the client ended within a frame")
            data += piece
        return data

    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionError):
                while True:
                    size = int.from_bytes(read(connection, 4), "big")
                    if size > LONGEST:
                        break
                    payload = read(connection, size)[::-1]
                    connection.sendall(len(payload).to_bytes(4, "big") + payload)
    ### END SOLUTION


# %% check swap-whole
with serve(swap) as server:
    for _ in range(2):
        client = server.connect()
        for payload in (b"abc", bytes(range(200)), b""):
            client.sends(frame(payload))
            client.expects(frame(payload[::-1]))
        client.half_closes()
        client.expects_eof()

# %% check swap-pieces
with serve(swap) as server:
    client = server.connect()
    client.sends(frame(b"0123456789"), pieces=1)
    client.expects(frame(b"9876543210"))
with serve(swap, host="127.0.0.2") as server:
    server.refuses(to="127.0.0.1")
    client = server.connect()
    client.sends(frame(b"one") + frame(b"two"), pieces=[2])
    client.expects(frame(b"eno") + frame(b"owt"))
    longest = bytes(range(256)) * (LONGEST // 256)
    client.sends(frame(longest))
    client.expects(frame(longest[::-1]))

# %% check swap-giant
with serve(swap) as server:
    client = server.connect()
    client.sends(b"\xff\xff\xff\xff")
    client.expects_eof()
    client = server.connect()
    client.sends((LONGEST + 1).to_bytes(4, "big"))
    client.expects_eof()
