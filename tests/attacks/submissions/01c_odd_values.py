"""Row 1: values that compare strangely: nan, a generator, lists a hundred deep."""

# cell: double
def double(x):
    return float("nan")


# cell: label
def label(number):
    return (part for part in ("number", "text", "bytes", "bases"))


# cell: ask
def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        line = b"".join(iter(lambda: connection.recv(1024), b""))
    nest = line.decode().strip()
    for _ in range(100):
        nest = [nest]
    return nest
