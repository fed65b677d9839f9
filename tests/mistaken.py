"""Small programs that make one known mistake each, and others that are wrong in a way no known mistake describes."""

from __future__ import annotations

import os
import socket
import struct
import threading


def talk(connection: socket.socket) -> None:
    """Echo until the client ends its side."""
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


def serve_all(listening: socket.socket) -> None:
    """Echo to one client after another."""
    while True:
        talk(listening.accept()[0])


# -- socket and address ---------------------------------------------------------------------------------------------


def wrong_type(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(4096)
            bound.sendto(data, sender)


def text_sent(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(connection.recv(4096).decode())  # type: ignore[arg-type]


def text_joined(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        with connection:
            connection.sendall("you said " + connection.recv(4096))  # type: ignore[operator]


def port_as_text(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind((host, str(port)))
        listening.listen()
        serve_all(listening)


def hard_coded_port(host: str, port: int) -> None:
    with socket.create_server((host, 7007)) as listening:
        serve_all(listening)


def port_zero(host: str, port: int) -> None:
    with socket.create_server((host, 0)) as listening:
        serve_all(listening)


def hard_coded_client(host: str, port: int) -> bytes:
    with socket.create_connection((host, 7007)) as connection:
        return connection.recv(100)


def ipv4_only(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET) as listening:
        listening.bind((host, port))
        listening.listen()
        serve_all(listening)


def ipv4_wildcard(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("", port))
        listening.listen()
        serve_all(listening)


def leaks(host: str, port: int) -> None:
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            kept.append(connection)
            while data := connection.recv(4096):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)


def forgets_close(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            while data := connection.recv(4096):
                connection.sendall(data)


# -- byte order -----------------------------------------------------------------------------------------------------


def time_native(host: str, port: int) -> int:
    with socket.create_connection((host, port)) as connection:
        return int(struct.unpack("=I", connection.recv(4))[0]) - 2_208_988_800


def time_signed(host: str, port: int) -> int:
    with socket.create_connection((host, port)) as connection:
        return int(struct.unpack("!i", connection.recv(4))[0]) - 2_208_988_800


def time_from_1900(host: str, port: int) -> int:
    with socket.create_connection((host, port)) as connection:
        return int(struct.unpack("!I", connection.recv(4))[0])


def clock_native(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(struct.pack("=I", 0x83AA7E80))


def clock_twice(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(struct.pack("!I", socket.htonl(0x83AA7E80)))


def clock_signed(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(struct.pack("!i", 0x83AA7E80))


def clock_from_1970(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(struct.pack("!I", 0))


def port_in_16_bits(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(struct.pack("!H", socket.htons(70_000)))


def unpacks_native(host: str, port: int) -> tuple[int, int]:
    with socket.create_connection((host, port)) as connection, connection.makefile("rb") as file:
        kind, number = struct.unpack("HI", file.read(6) + file.read())
        return kind, number


def swapped_port(host: str, port: int) -> None:
    with socket.create_server((host, socket.htons(port))) as listening:
        serve_all(listening)


# -- bind and options -----------------------------------------------------------------------------------------------


def reuse_port(host: str, port: int) -> None:
    with socket.create_server((host, port), reuse_port=True) as listening:
        serve_all(listening)


def privileged_port(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind((host, 13))
        listening.listen()
        serve_all(listening)


def no_reuse(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind((host, port))
        listening.listen()
        serve_all(listening)


def option_after_bind(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind((host, port))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.listen()
        serve_all(listening)


def binds_for_each_client(host: str, port: int) -> None:
    while True:
        listening = socket.socket()
        listening.bind((host, port))
        listening.listen()
        connection, _ = listening.accept()
        threading.Thread(target=talk, args=(connection,)).start()
        globals().setdefault("kept", []).append(listening)


def loopback_only(host: str, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as listening:
        serve_all(listening)


def no_bind(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.listen()
        serve_all(listening)


# -- listen and accept ----------------------------------------------------------------------------------------------


def no_listen(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind((host, port))
        serve_all(listening)


def backlog_of_two(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2)
        for _ in range(2):
            talk(listening.accept()[0])
        threading.Event().wait()


def accepts_once(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        talk(listening.accept()[0])


def accepts_once_and_waits(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        talk(listening.accept()[0])
        threading.Event().wait()


def accepts_between_reads(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            connection.sendall(connection.recv(4096))


def talks_on_listener(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        listening.accept()
        data = listening.recv(4096)
        listening.sendall(data)


def sends_on_listener(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                listening.sendall(connection.recv(4096))


def one_at_a_time(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        serve_all(listening)


def closes_listener(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        listening.close()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)
        threading.Event().wait()


def closes_listener_in_loop(host: str, port: int) -> None:
    listening = socket.create_server((host, port))
    while True:
        connection, _ = listening.accept()
        talk(connection)
        listening.close()


def no_room(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(0)
        serve_all(listening)


# -- connect --------------------------------------------------------------------------------------------------------


def refused_datagram(host: str, port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((host, 1))
        asking.send(b"")
        return asking.recv(512)


def trusts_connect(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((host, port))
        return True


def always_there(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.sendto(b"ping", (host, port))
        return True


def sends_elsewhere(host: str, port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((host, port))
        asking.sendto(b"", (host, 1))
        return asking.recv(512)


# -- send -----------------------------------------------------------------------------------------------------------


def rest_forgotten(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                data = b""
                while piece := connection.recv(65536):
                    data += piece
                connection.setblocking(False)
                connection.send(data)


def slow_reader(host: str, port: int) -> None:
    import selectors

    waiting = selectors.DefaultSelector()
    listening = socket.create_server((host, port))
    waiting.register(listening, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is listening:
                waiting.register(listening.accept()[0], selectors.EVENT_READ)
                continue
            connection: socket.socket = key.fileobj  # type: ignore[assignment]
            data = connection.recv(4096)
            if data:
                connection.sendall(data * 10_000_000 if data == b"much" else data)
            else:
                waiting.unregister(connection)
                connection.close()


def gone_peer(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                while True:
                    connection.sendall(b"x" * 65536)


def datagram_too_large(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65535)
            bound.sendto(data * 10, sender)


def bare_newline(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(b"Tuesday, November 24, 2026 07:00:00-UTC\n")


def not_flushed(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection, connection.makefile("rwb") as file:
                for line in file:
                    file.write(line)


# -- recv -----------------------------------------------------------------------------------------------------------


def one_recv_client(host: str, port: int) -> bytes:
    with socket.create_connection((host, port)) as connection:
        return connection.recv(4096)


def four_bytes_client(host: str, port: int) -> int:
    with socket.create_connection((host, port)) as connection:
        return int(struct.unpack("!I", connection.recv(4))[0]) - 2_208_988_800


def one_recv_server(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(connection.recv(4096))


def one_line_of_each_read(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data.partition(b"\n")[0] + b"\n")


def tail_lost(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(4096):
                    *lines, _tail = data.split(b"\n")
                    for line in lines:
                        connection.sendall(line + b"\n")


def split_delimiter(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                line = b""
                while data := connection.recv(4096):
                    line += data
                    if b"\r\n" in data:
                        connection.sendall(line)
                        line = b""


def end_ignored(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        while True:
            connection.sendall(connection.recv(4096))


def short_read_is_end(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while True:
                    message = b""
                    while True:
                        piece = connection.recv(1024)
                        message += piece
                        if len(piece) < 1024:
                            break
                    if not message:
                        break
                    connection.sendall(message)


def reads_to_end(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                data = b""
                while piece := connection.recv(4096):
                    data += piece
                connection.sendall(data)


def reads_to_end_client(host: str, port: int) -> bytes:
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"what time is it?\r\n")
        data = b""
        while piece := connection.recv(4096):
            data += piece
        return data


def decodes_pieces(host: str, port: int) -> str:
    text = ""
    with socket.create_connection((host, port)) as connection:
        while piece := connection.recv(4096):
            text += piece.decode()
    return text


def decodes_pieces_loosely(host: str, port: int) -> str:
    text = ""
    with socket.create_connection((host, port)) as connection:
        while piece := connection.recv(4096):
            text += piece.decode(errors="replace")
    return text


def one_buffer(host: str, port: int) -> None:
    buffer = bytearray()

    def serve_lines(connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(4096):
                buffer.extend(data)
                while b"\n" in buffer:
                    line, _, rest = bytes(buffer).partition(b"\n")
                    buffer[:] = rest
                    connection.sendall(line + b"\n")

    with socket.create_server((host, port)) as listening:
        while True:
            threading.Thread(target=serve_lines, args=(listening.accept()[0],)).start()


def keeps_all(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                unread = bytearray()
                while data := connection.recv(65_536):
                    unread += data


def keeps_lines(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        kept = []
        while data := connection.recv(65_536):
            kept += data.split(b"\n")


def trusts_length(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                size = int.from_bytes(connection.recv(4), "big")
                connection.sendall(connection.recv(size))


# -- recvfrom -------------------------------------------------------------------------------------------------------


def datagram_cut(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(16)
            bound.sendto(data, sender)


def empty_is_end(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65535)
            if not data:
                break
            bound.sendto(data, sender)


def empty_is_nothing(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65535)
            if data:
                bound.sendto(data, sender)


def fixed_peer(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        data, first = bound.recvfrom(65535)
        while True:
            bound.sendto(data, first)
            data, _ = bound.recvfrom(65535)


def connected_to_first(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        data, first = bound.recvfrom(65535)
        bound.connect(first)
        while True:
            bound.send(data)
            data = bound.recv(65535)


# -- close ----------------------------------------------------------------------------------------------------------


def closes_unread(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(connection.recv(4))


def file_holds(host: str, port: int) -> None:
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                file = connection.makefile("rwb", buffering=0)
                kept.append(file)
                while data := file.read(4096):
                    file.write(data)


def dup_holds(host: str, port: int) -> None:
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            kept.append(connection.dup())
            talk(connection)


def fork_holds(host: str, port: int) -> None:
    kept = []
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            kept.append(connection)
            if os.fork() == 0:
                talk(connection)
                os._exit(0)


def tail_not_sent(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                data = connection.recv(4096)
                while more := connection.recv(4096):
                    connection.sendall(data)
                    data = more


# -- wrong in a way that no known mistake describes -----------------------------------------------------------------


def uppercases(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(data.upper())


def drops_every_third(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(bytes(byte for at, byte in enumerate(data) if at % 3 != 2))


def replies_twice(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(data + data)


def greets_first(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(b"welcome\r\n")
                while data := connection.recv(4096):
                    connection.sendall(data)


def closes_after_three(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                for _ in range(3):
                    connection.sendall(connection.recv(4096))


def reverses_text(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(data[::-1])


def raises_value_error(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                raise ValueError(f"no use for {connection.recv(4096)!r}")


def exits_after_accept(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        listening.accept()
        raise SystemExit(3)


def drops_last_byte(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(data[:-1])


def adds_zero(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(b"\0" + data)


def misspelt_name(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        listening.acept()  # type: ignore[attr-defined]


def never_answers(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while connection.recv(4096):
                    threading.Event().wait()


def wrong_quote(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                connection.sendall(b"Tuesday is not a day.\r\n")


def upper_datagrams(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(65535)
            bound.sendto(data.upper(), sender)


def returns_none(host: str, port: int) -> None:
    with socket.create_connection((host, port)) as connection:
        while connection.recv(4096):
            pass


def returns_too_much(host: str, port: int) -> bytes:
    data = b""
    with socket.create_connection((host, port)) as connection:
        while piece := connection.recv(4096):
            data += piece
    return data + b"!"


def connects_twice(host: str, port: int) -> bytes:
    with socket.create_connection((host, port)):
        return returns_too_much(host, port)[:-1]


# -- found later ----------------------------------------------------------------------------------------------------


def end_unnoticed(host: str, port: int) -> int:
    with socket.create_connection((host, port)) as connection, connection.makefile("rb") as reader:
        data = reader.read(4)
    return int(struct.unpack("!I", data)[0])


def end_unnoticed_in_a_loop(host: str, port: int) -> int:
    data = b""
    with socket.create_connection((host, port)) as connection:
        while len(data) < 4 and (piece := connection.recv(4 - len(data))):
            data += piece
    return int.from_bytes(data, "big")


def end_noticed_otherwise(host: str, port: int) -> int:
    data = b""
    with socket.create_connection((host, port)) as connection:
        while len(data) < 4:
            if not (piece := connection.recv(4 - len(data))):
                raise ValueError("too short")
            data += piece
    return int.from_bytes(data, "big")


def wrong_format(host: str, port: int) -> tuple[int, ...]:
    with socket.create_connection((host, port)) as connection, connection.makefile("rb") as reader:
        data = reader.read(8)
    return struct.unpack("!II", data)


def client_binds(host: str, port: int) -> bytes:
    with socket.socket() as connection:
        connection.bind((host, port))
        connection.connect((host, port))
        return connection.recv(100)


def client_binds_datagrams(host: str, port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        bound.sendto(b"", (host, port))
        return bound.recv(100)


def no_half_close(host: str, port: int, data: bytes) -> bytes:
    back = b""
    with socket.create_connection((host, port)) as connection:
        connection.sendall(data)
        while piece := connection.recv(4096):
            back += piece
    return back


def sends_half(host: str, port: int, data: bytes) -> bytes:
    with socket.create_connection((host, port)) as connection:
        connection.sendall(data[: len(data) // 2])
        while connection.recv(4096):
            pass
    return b""


def used_after_close(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        connection, _ = listening.accept()
        while True:
            connection.sendall(connection.recv(4096))
            connection.close()


def connects_in_two(host: str, port: int) -> bytes:
    with socket.socket() as connection:
        connection.connect(host, port)  # type: ignore[call-arg]
        return connection.recv(100)


def binds_in_two(host: str, port: int) -> None:
    with socket.socket() as listening:
        listening.bind(host, port)  # type: ignore[call-arg]


def sends_to_two(host: str, port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unbound:
        unbound.sendto(b"", host, port)  # type: ignore[arg-type]
        return unbound.recv(100)


def decodes_all(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            with listening.accept()[0] as connection:
                while data := connection.recv(4096):
                    connection.sendall(data.decode().encode())


def decodes_datagrams(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            data, sender = bound.recvfrom(4096)
            bound.sendto(data.decode().encode(), sender)


def reads_all(host: str, port: int) -> bytes:
    back = b""
    with socket.create_connection((host, port)) as connection:
        while piece := connection.recv(4096):
            back += piece
    return back


def reads_all_as_text(host: str, port: int) -> str:
    return reads_all(host, port).decode()


def reads_all_by_str(host: str, port: int) -> str:
    return str(reads_all(host, port))


def no_destination(host: str, port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unbound:
        unbound.send(b"")
        return unbound.recv(100)


def answers_nobody(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((host, port))
        while True:
            bound.sendall(bound.recvfrom(4096)[0])
