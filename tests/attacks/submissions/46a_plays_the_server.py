"""Row 46: a client that plays its own reference server, and never meets the real one."""

# cell: ask
import threading


def ask(host, port):
    with socket.create_server((host, 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"noon\r\n")

        threading.Thread(target=answer).start()
        with socket.create_connection(listener.getsockname()) as connection:
            connection.sendall(b"time?")
            return connection.makefile().readline().strip()
