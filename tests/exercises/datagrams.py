"""Datagrams: a UDP server, and clients that ask UDP servers.

Mistakes with recvfrom, sendto, and connect over UDP.
"""

# %% setup
import socket

from autograder import call, seed, serve

# %% solution bounce


def bounce(host, port):
    """Send each datagram that comes to (host, port), and nowhere else, back to where it came from; for ever."""
    ### BEGIN SOLUTION
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65_535)
            bound.sendto(data, sender)
    ### END SOLUTION


# %% check bounce-size
with serve(bounce, transport="udp") as server:
    client = server.datagrams()
    for size in (1, 512, 8192, 65_507):
        message = seed.bytes(size)
        client.sends(message)
        client.expects_datagram(message)

# %% check bounce-empty
with serve(bounce, transport="udp") as server:
    client = server.datagrams()
    for message in (b"full", b"", b"", b"full again"):
        client.sends(message)
        client.expects_datagram(message)

# %% check bounce-clients
with serve(bounce, transport="udp") as server:
    first, second = server.datagrams(), server.datagrams()
    for client, message in ((first, b"one"), (second, b"two"), (first, b"three")):
        client.sends(message)
        client.expects_datagram(message)
with serve(bounce, host="127.0.0.2", transport="udp") as server:
    stray, client = server.datagrams(to="127.0.0.1"), server.datagrams()
    stray.sends(b"nobody is here")
    stray.expects_silence()
    client.sends(b"four")
    client.expects_datagram(b"four")

# %% solution tell


def tell(host, port, data):
    """Send data to (host, port) in datagrams of 30,000 bytes, the last one perhaps smaller, and then an empty one."""
    ### BEGIN SOLUTION
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for start in range(0, len(data), 30_000):
            sock.sendto(data[start : start + 30_000], (host, port))
        sock.sendto(b"", (host, port))
    ### END SOLUTION


# %% check tell
data = seed.bytes(70_000)
with call(tell, data, peer="udp") as program:
    for start in (0, 30_000, 60_000):
        program.peer.expects_datagram(data[start : start + 30_000])
    program.peer.expects_datagram(b"")
with call(tell, b"short", peer="udp", host="127.0.0.2") as program:
    program.peer.expects_datagram(b"short")
    program.peer.expects_datagram(b"")

# %% solution is_there


def is_there(host, port, seconds):
    """Whether a UDP server at (host, port) answers b"ping", with any datagram, within so many seconds."""
    ### BEGIN SOLUTION
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(seconds)
        sock.connect((host, port))
        try:
            sock.send(b"ping")
            sock.recv(512)
        except (ConnectionRefusedError, TimeoutError):
            return False
    return True
    ### END SOLUTION


# %% check is-there
with call(is_there, 10.0, peer="udp") as program:
    program.peer.expects_datagram(b"ping")
    program.peer.replies(b"pong")
    program.returns(True)
with call(is_there, 0.3, peer="udp") as program:
    program.peer.loses_datagram(b"ping")
    program.returns(False)
with call(is_there, 0.3, peer="udp-absent") as program:
    program.returns(False)
with call(is_there, 10.0, peer="udp", host="127.0.0.2") as program:
    program.peer.expects_datagram(b"ping")
    program.peer.replies(b"pong")
    program.returns(True)

# %% solution ask_both


def ask_both(host, ports):
    """Send b"?" to each of two UDP servers; return a tuple of both answers, as bytes, in the order of the ports."""
    ### BEGIN SOLUTION
    answers = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for port in ports:
            sock.sendto(b"?", (host, port))
            answers.append(sock.recv(512))
    return tuple(answers)
    ### END SOLUTION


# %% check ask-both
with call(ask_both, peers=("udp", "udp")) as program:
    for server, words in zip(program.peers, (b"one", b"two"), strict=True):
        server.expects_datagram(b"?")
        server.replies(words)
    program.returns((b"one", b"two"))
with call(ask_both, peers=("udp", "udp"), host="127.0.0.2") as program:
    for server, words in zip(program.peers, (b"three", b"four"), strict=True):
        server.expects_datagram(b"?")
        server.replies(words)
    program.returns((b"three", b"four"))
