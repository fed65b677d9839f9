"""Clients: whom to connect to, how long to try, and how to read to the end.

Mistakes with connect and with addresses.
"""

# %% setup
import socket

from autograder import call

# %% solution fetch


def fetch(host, port):
    """Connect to (host, port), read until the server closes, and return the bytes it sent."""
    ### BEGIN SOLUTION
    with socket.create_connection((host, port)) as sock:
        data = b""
        while piece := sock.recv(4096):
            data += piece
    return data
    ### END SOLUTION


# %% check fetch
with call(fetch, peer="tcp") as program:
    server = program.peer.accepts()
    server.sends(b"one thing and another", pieces=[4, 6])
    server.closes()
    program.returns(b"one thing and another")
with call(fetch, peer="tcp", host="127.0.0.2") as program:
    program.peer.accepts().closes()
    program.returns(b"")

# %% solution first_open


def first_open(host, ports, seconds):
    """The first of these ports that a server answers at, waiting at most so many seconds for each; None if none."""
    ### BEGIN SOLUTION
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.settimeout(seconds)
            try:
                sock.connect((host, port))
            except OSError:
                continue
            return port
    return None
    ### END SOLUTION


# %% check first-open
with call(first_open, 0.3, peers=("tcp-full", "tcp-absent", "tcp")) as program:
    program.peers[2].accepts()
    program.returns(program.peers[2].address[1])
with call(first_open, 10.0, peers=("tcp", "tcp"), host="127.0.0.2") as program:
    program.peers[0].accepts()
    program.returns(program.peers[0].address[1])

# %% check first-open-none
with call(first_open, 0.3, peers=("tcp-absent", "tcp-absent")) as program:
    program.returns(None)

# %% solution visit


def visit(host, port):
    """The same as fetch; host may be a name with several addresses, and the server be at any one of them.

    Raises OSError, or one of its kinds, if nobody answers at any.
    """
    ### BEGIN SOLUTION
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as sock:
            try:
                sock.connect(address)
            except OSError:
                continue
            data = b""
            while piece := sock.recv(4096):
                data += piece
            return data
    raise ConnectionRefusedError(f"nobody answers at {host} port {port}")
    ### END SOLUTION


# %% check visit
with call(visit, peer="tcp", resolves=("::1", "127.0.0.1")) as program:
    server = program.peer.accepts()
    server.sends(b"hello and goodbye", pieces=[5])
    server.closes()
    program.returns(b"hello and goodbye")
with call(visit, peer="tcp-absent", resolves=("::1", "127.0.0.1")) as program:
    program.raises(OSError)
