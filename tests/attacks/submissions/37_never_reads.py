"""Row 37: accepts, and never reads."""

# cell: echo-server
def echo_server(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        kept = []
        while True:
            kept.append(listener.accept())
