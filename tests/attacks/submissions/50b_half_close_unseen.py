"""Row 50: a half-close is not understood: the connection stays open for ever."""

# cell: echo-server
import threading


def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            try:
                while data := connection.recv(65_536):
                    connection.sendall(data)
                threading.Event().wait()
            except ConnectionError:
                connection.close()
