"""Small right and wrong servers and clients that the harness's own tests start."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time


def echo_loop(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
        while True:
            connection, _ = listening.accept()
            with connection:
                try:
                    while data := connection.recv(4096):
                        connection.sendall(data)
                except ConnectionResetError:
                    pass


def echo_ipv6(host: str, port: int) -> None:
    with socket.create_server((host, port), family=socket.AF_INET6) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)


def echo_threads(host: str, port: int) -> None:
    def talk(connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)

    with socket.create_server((host, port)) as listening:
        while True:
            threading.Thread(target=talk, args=(listening.accept()[0],), daemon=True).start()


def echo_forks(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    listening.close()
                    while data := connection.recv(4096):
                        connection.sendall(data)
                    connection.close()
                    os._exit(0)


def echo_socketserver(host: str, port: int) -> None:
    import socketserver

    class Echo(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(4096):
                self.wfile.write(data)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer((host, port), Echo) as server:
        server.serve_forever()


def echo_asyncio(host: str, port: int) -> None:
    import asyncio

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(echo, host, port)
        await server.serve_forever()

    asyncio.run(main())


def echo_selectors(host: str, port: int) -> None:
    import selectors

    waiting = selectors.DefaultSelector()
    listening = socket.create_server((host, port))
    listening.setblocking(False)
    waiting.register(listening, selectors.EVENT_READ)
    unsent: dict[socket.socket, bytearray] = {}
    while True:
        for key, events in waiting.select():
            if key.fileobj is listening:
                connection, _ = listening.accept()
                connection.setblocking(False)
                unsent[connection] = bytearray()
                waiting.register(connection, selectors.EVENT_READ)
                continue
            connection = key.fileobj  # type: ignore[assignment]
            queue = unsent[connection]
            if events & selectors.EVENT_READ:
                data = connection.recv(4096)
                queue += data
                if not data:
                    waiting.unregister(connection)
                    connection.setblocking(True)
                    connection.sendall(queue)
                    connection.close()
                    continue
            if queue:
                del queue[: connection.send(queue)]
            waiting.modify(connection, selectors.EVENT_READ | (selectors.EVENT_WRITE if queue else 0))


def one_more(connection: socket.socket) -> bytes:
    return connection.recv(4096)


class Talk:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def go_on(self) -> None:
        while data := one_more(self.connection):
            self.connection.sendall(data)


def echo_in_parts(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            Talk(listening.accept()[0]).go_on()


ECHOES = (echo_loop, echo_threads, echo_socketserver, echo_asyncio, echo_selectors)


def echo_datagrams(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65535)
            bound.sendto(data, sender)


def fetch(host: str, port: int) -> bytes:
    with socket.create_connection((host, port)) as connection:
        parts = []
        while data := connection.recv(4096):
            parts.append(data)
    return b"".join(parts)


def refuse(text: str) -> None:
    raise ValueError(text)


def strange() -> object:
    return object()


# -- wrong ones -----------------------------------------------------------------------------------------------------


def never_listens(host: str, port: int) -> None:
    threading.Event().wait()


def ends_at_once(host: str, port: int) -> None:
    return


def crashes_at_once(host: str, port: int) -> None:
    raise ValueError("no server today")


def spins_at_once(host: str, port: int) -> None:
    while True:
        pass


def never_answers(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        while connection.recv(4096):
            pass
        listening.accept()


def closes_at_once(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            listening.accept()[0].close()


def resets_at_once(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()


def crashes_on_data(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        connection.recv(4096)
        raise ValueError("I do not like this message")


def exits_on_data(host: str, port: int) -> None:
    listening = socket.create_server((host, port))
    connection, _ = listening.accept()
    connection.recv(4096)
    os._exit(0)


def ignores_end_of_file(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        while True:
            data = connection.recv(4096)
            if data:
                connection.sendall(data)


def computes_for_ever(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        connection.recv(4096)
        while True:
            pass


def polls_for_ever(host: str, port: int) -> None:
    """Waits with a time-out, again and again, and never answers."""
    import select

    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        connection.recv(4096)
        waiting = select.poll()
        waiting.register(listening, select.POLLIN)
        while True:
            waiting.poll(50)


def keeps_sockets(host: str, port: int) -> None:
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            kept.append(connection)
            while data := connection.recv(4096):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)


def leaves_a_daemon(host: str, port: int) -> None:
    """Leaves the process group and the terminal, as daemons do, and goes on listening from a grandchild."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            echo_loop(host, port)
        os._exit(0)
    threading.Event().wait()


def ignores_signals(host: str, port: int) -> None:
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    echo_loop(host, port)


def floods_its_output(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        for _ in range(2000):
            sys.stdout.write("x" * 1000)
        print("the end of the flood")
        while True:
            listening.accept()[0].close()


def starts_slowly(host: str, port: int) -> None:
    time.sleep(0.4)  # a slow start is what this program is for
    echo_loop(host, port)


def unwritten(host: str, port: int) -> None:
    raise NotImplementedError


# -- for adversities: each right program beside those that the adversity must catch ----------------------------------


def echo_lines(host: str, port: int) -> None:
    """Answers each line, however the lines arrive."""
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                rest = b""
                while data := connection.recv(4096):
                    *lines, rest = (rest + data).split(b"\r\n")
                    for line in lines:
                        connection.sendall(line.decode().upper().encode() + b"\r\n")


def echo_line_a_read(host: str, port: int) -> None:
    """Takes what one read brings for one whole line, and no more."""
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data.partition(b"\r\n")[0].decode().upper().encode() + b"\r\n")


def sends_much(host: str, port: int) -> None:
    """Sends 300,000 bytes to each client, more than its buffer holds, and closes."""
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
                connection.sendall(bytes(range(250)) * 1200)


def sends_much_once(host: str, port: int) -> None:
    """The same with one send of a non-blocking socket, which takes what fits."""
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
                connection.setblocking(False)
                connection.send(bytes(range(250)) * 1200)


def reads_nothing(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connections = []
        while True:
            connections.append(listening.accept()[0])


def counts(host: str, port: int) -> None:
    """Reads all, and says how much that was."""
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                size = 0
                while data := connection.recv(65536):
                    size += len(data)
                connection.sendall(str(size).encode())


def keeps_all(host: str, port: int) -> None:
    """Keeps what it reads for as long as it runs."""
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(65536):
                    kept.append(data)


def closes_after_a_read(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(100)


def reuses_port(host: str, port: int) -> None:
    """Lets any other process of the same user listen at the same port too."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind((host, port))
        listening.listen()
        while True:
            listening.accept()[0].close()


def takes_another_port(host: str, port: int) -> None:
    """Listens somewhere else where its port is in use."""
    try:
        listening = socket.create_server((host, port))
    except OSError:
        listening = socket.create_server((host, 0))
    with listening:
        while True:
            listening.accept()[0].close()


def waits_for_its_port(host: str, port: int) -> None:
    """Waits for ever where its port is in use."""
    try:
        listening = socket.create_server((host, port))
    except OSError:
        threading.Event().wait()
    with listening:
        while True:
            listening.accept()[0].close()


def catches_a_refused_port(host: str, port: int) -> None:
    """Says that its port is in use, and ends."""
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        print(error)
        sys.exit(1)
    with listening:
        while True:
            listening.accept()[0].close()


def echo_one_guest(host: str, port: int) -> None:
    """Does not listen while it has a guest."""
    while True:
        with socket.create_server((host, port)) as listening:
            connection, _ = listening.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)


def echo_one_guest_tidily(host: str, port: int) -> None:
    """The same, with something to compute after each guest, before it listens again."""
    while True:
        with socket.create_server((host, port)) as listening:
            connection, _ = listening.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)
        begun = time.process_time()
        while time.process_time() < begun + 0.2:
            pass


def echo_once(host: str, port: int) -> None:
    """Serves one guest, and never listens again."""
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)
    threading.Event().wait()


# -- clients -----------------------------------------------------------------------------------------------------------


def connects_in_time(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.settimeout(0.3)
        sock.connect((host, port))


def connects_without_limit(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.connect((host, port))


def first_that_answers(host: str, ports: list[int]) -> list[object]:
    """What came of each port in turn, up to the first that sent something."""
    met: list[object] = []
    for port in ports:
        try:
            with socket.create_connection((host, port), timeout=0.3) as sock:
                sock.settimeout(None)
                met.append(sock.recv(100))
                return met
        except OSError as error:
            met.append(type(error).__name__)
    return met


def asks_connected(host: str, port: int) -> bytes:
    """Asks over a connected UDP socket, so that it hears of a refusal."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((host, port))
        sock.send(b"question")
        return sock.recv(65535)


def asks_patiently(host: str, port: int) -> bytes:
    """Asks again when nothing comes in time, takes an answer from its server only, and of several the first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        for _ in range(20):
            sock.sendto(b"question", (host, port))
            try:
                data, sender = sock.recvfrom(65535)
                while sender != (host, port):
                    data, sender = sock.recvfrom(65535)
            except TimeoutError:
                continue
            return data
    raise TimeoutError("no answer")


def asks_once(host: str, port: int) -> bytes:
    """Asks once, and takes an answer from anybody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"question", (host, port))
        return sock.recvfrom(65535)[0]


def gathers(host: str, port: int, count: int) -> list[bytes]:
    """Asks, and takes so many answers in the order of their first byte, each once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"question", (host, port))
        found: set[bytes] = set()
        while len(found) < count:
            found.add(sock.recv(65535))
    return sorted(found)


def takes_as_they_come(host: str, port: int, count: int) -> list[bytes]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"question", (host, port))
        return [sock.recv(65535) for _ in range(count)]
