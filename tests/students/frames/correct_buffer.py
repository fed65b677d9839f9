"""Right: all that came goes into one buffer for each client, and whole frames are taken from its front."""

import socket


def frames_of(connection):
    buffer = b""
    while piece := connection.recv(65_536):
        buffer += piece
        while len(buffer) >= 4:
            size = int.from_bytes(buffer[:4], "big")
            if size > LONGEST:
                return
            if len(buffer) < 4 + size:
                break
            yield buffer[4 : 4 + size]
            buffer = buffer[4 + size :]


def swap(host, port):
    server_socket = socket.create_server((host, port), reuse_port=False)
    while True:
        connection, _ = server_socket.accept()
        try:
            for payload in frames_of(connection):
                connection.sendall(frame(payload[::-1]))
        except ConnectionError:
            pass
        finally:
            connection.close()
