"""Row 20: heavy values returned: an int of a billion bits, a hundred megabytes, a repr of fifty."""

# cell: double
def double(x):
    return 1 << 10**9


# cell: label
def label(number):
    return {"number": number, "text": "port " * 10_000_000, "bytes": bytes(100_000_000), "bases": [0] * 5_000_000}


# cell: ask
class Wordy:
    def __repr__(self):
        return "w" * 50_000_000


def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        line = b"".join(iter(lambda: connection.recv(1024), b""))
    return "x" * 50_000_000 if line == b"noon\r\n" else Wordy()
