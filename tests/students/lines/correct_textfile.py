"""Right: a thread for each client, and text files made of the socket, with CR LF as their line end."""

import socket
import threading


def chat(conn):
    with conn:
        lines = conn.makefile("r", encoding="utf-8", newline="\r\n")
        replies = conn.makefile("w", encoding="utf-8", newline="\r\n")
        try:
            while True:
                line = lines.readline(LONGEST + 2)
                if not line.endswith("\r\n") or len(line.encode()) > LONGEST + 2:
                    break
                print(line[-3::-1], file=replies, flush=True)
        except (ConnectionError, UnicodeDecodeError):
            pass
        finally:
            lines.close()


def mirror(host, port):
    listener = socket.create_server((host, port))
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=chat, args=(conn,), daemon=True).start()
