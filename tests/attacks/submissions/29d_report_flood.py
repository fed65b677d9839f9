"""Row 29: output flood by way of the harness: calls without end, each of which is recorded."""

# cell: ask
def ask(host, port):
    while True:
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
