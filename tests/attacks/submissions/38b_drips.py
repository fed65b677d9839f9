"""Row 38: one byte a second, for a client with much to hear."""

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
                    while data := connection.recv(65_536):
                        for start in range(len(data)) if len(data) > 1000 else ():
                            connection.sendall(data[start : start + 1])
                            time.sleep(1)
                        if len(data) <= 1000:
                            connection.sendall(data)
                except ConnectionError:
                    pass
