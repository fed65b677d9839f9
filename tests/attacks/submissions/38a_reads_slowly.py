"""Row 38: reads one byte in five seconds, so that no single wait is long."""

# cell: echo-server
import time


def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    data = connection.recv(65_536)
                    slow = len(data) == 1
                    while data:
                        connection.sendall(data)
                        if slow:
                            time.sleep(5)
                        data = connection.recv(1 if slow else 65_536)
                except ConnectionError:
                    pass
