"""Row 34: accepts nobody: it listens, and that is all."""

# cell: echo-server
import threading


def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        threading.Event().wait()
