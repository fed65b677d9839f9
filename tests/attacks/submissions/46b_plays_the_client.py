"""Row 46: a server that plays the reference client against itself, from another process, and answers nobody else."""

# cell: echo-server
import os


def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(0)
        if os.fork() == 0:
            listener.close()
            while True:
                with socket.create_connection((host, port)) as client:
                    client.sendall(b"hello")
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(1024):
                        pass
        while True:
            connection, _ = listener.accept()
            with connection:
                data = connection.recv(1024)
                if data == b"hello":
                    connection.sendall(data[::-1])
