"""Row 24: memory, taken at cell level."""

# cell: ask
kept = []
for _ in range(96):  # 6 GiB; if no wall stops it, the machine is spared
    kept.append(bytearray(b"x") * (64 << 20))


def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        return b"".join(iter(lambda: connection.recv(1024), b"")).decode().strip()
