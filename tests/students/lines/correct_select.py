"""Right: select.select over three dictionaries, blocking sockets that are only touched when they are ready."""

import select
import socket


def mirror(host, port):
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen()
    unread, unsent = {}, {}

    def forget(s):
        del unread[s], unsent[s]
        s.close()

    while True:
        reading = [s for s in unread if not unsent[s]]
        writing = [s for s in unsent if unsent[s]]
        readable, writable, _ = select.select([listening, *reading], writing, [])
        for s in writable:
            s.setblocking(False)
            try:
                n = s.send(unsent[s])
                unsent[s] = unsent[s][n:]
            except BlockingIOError:
                pass
            except OSError:
                forget(s)
        for s in readable:
            if s is listening:
                new, addr = s.accept()
                unread[new], unsent[new] = b"", b""
                continue
            try:
                data = s.recv(2048)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                forget(s)
                continue
            unread[s] += data
            while b"\r\n" in unread[s]:
                line, unread[s] = unread[s].split(b"\r\n", 1)
                unsent[s] += line.decode("utf-8", "replace")[::-1].encode() + b"\r\n"
            if len(unread[s]) > LONGEST:
                forget(s)
