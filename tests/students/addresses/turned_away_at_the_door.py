"""Not one of the sixty: whoever comes while a guest is there is accepted and closed, not refused."""

import socket
import threading

FAILS = ("one-guest",)
NAMED = None


def one_guest(host, port):
    occupied = threading.Event()

    def look_after(guest):
        try:
            guest.sendall(b"hello\r\n")
            while guest.recv(1024):
                pass
        except OSError:
            pass
        guest.close()
        occupied.clear()

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen()
    while True:
        conn, addr = server.accept()
        if occupied.is_set():
            conn.close()  # sorry, there is somebody already
        else:
            occupied.set()
            threading.Thread(target=look_after, args=(conn,), daemon=True).start()
