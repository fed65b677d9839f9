"""Row 20: half characters, which no page can hold, in messages, values, names, files and output."""

# cell: double
HALF = "half \ud800 and \udfff"


def double(x):
    print(HALF.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))
    raise ValueError(HALF)


# cell: label
space = {}
exec(compile("def label(number):\n    raise type('\\ud800', (Exception,), {})", "\udcff", "exec"), space)
label = space["label"]


# cell: ask
def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        while connection.recv(1024):
            pass
    return "\ud800"
