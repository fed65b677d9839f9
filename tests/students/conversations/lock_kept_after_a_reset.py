"""Not one of the sixty: the lock that lets clients in one by one is not released when recv raises."""

import socket
import threading

FAILS = ("carry-reset",)
NAMED = None


def serve_client(conn, turn):
    turn.acquire()
    while True:
        try:
            data = conn.recv(65536)
        except ConnectionError:
            conn.close()
            return
        if not data:
            break
        try:
            conn.sendall(data)
        except ConnectionError:
            break
    conn.close()
    turn.release()


def carry(host, port):
    turn = threading.Lock()  # one by one
    server = socket.create_server((host, port))
    while True:
        conn, addr = server.accept()
        threading.Thread(target=serve_client, args=(conn, turn), daemon=True).start()
