"""Row 49: right for messages of one segment only."""

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
                    connection.sendall(connection.recv(1024))
                except ConnectionError:
                    pass
