"""Right: a thread for each client; lines are cut from the front of a bytearray."""

import socket
import threading


def mirror(host, port):
    srv = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    srv.bind((host, port))
    srv.listen(socket.SOMAXCONN)
    while True:
        sock, addr = srv.accept()
        worker = threading.Thread(target=one_client, args=(sock,))
        worker.daemon = True
        worker.start()


def one_client(sock):
    buffer = bytearray()
    try:
        while True:
            where = buffer.find(b"\r\n")
            if where == -1:
                if len(buffer) > LONGEST:
                    break
                got = sock.recv(1000)
                if not got:
                    break
                buffer += got
                continue
            text = str(buffer[:where], "utf-8")
            del buffer[: where + 2]
            reply = "".join(reversed(text)) + "\r\n"
            sock.sendall(reply.encode("utf-8"))
    except OSError:
        pass
    finally:
        sock.close()
