"""Right: a file made of the socket, for reading and writing."""

import socket


def swap(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            sock, _ = listener.accept()
            try:
                with sock, sock.makefile("rwb") as stream:
                    while True:
                        head = stream.read(4)
                        if len(head) < 4:
                            break
                        size = int.from_bytes(head, "big")
                        if size > LONGEST:
                            break
                        body = stream.read(size)
                        if len(body) < size:
                            break
                        stream.write(frame(body[::-1]))
                        stream.flush()
            except ConnectionError:
                pass
