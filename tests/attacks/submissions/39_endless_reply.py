"""Row 39: endless reply: right at first, and then without end."""

# cell: echo-server
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
                        connection.sendall(data)
                    while True:
                        connection.sendall(b"and more " * 10_000)
                except ConnectionError:
                    pass
