"""Row 50: a partial write is taken for a whole one."""

# cell: echo-server
import select


def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        listener.bind((host, port))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.setblocking(False)
                while select.select([connection], [], []):
                    try:
                        if not (data := connection.recv(65_536)):
                            break
                        connection.send(data)
                    except BlockingIOError:
                        pass
                    except ConnectionError:
                        break
