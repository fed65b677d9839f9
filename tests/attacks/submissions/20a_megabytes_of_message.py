"""Row 20: leaking through feedback: megabytes of message, a class with a name of a megabyte, a million lines."""

# cell: double
def double(x):
    raise RuntimeError("loud " * 1_000_000)


# cell: label
def label(number):
    raise type("Long" * 250_000, (Exception,), {})("long " * 1_000_000)


# cell: ask
def ask(host, port):
    print("line\n" * 1_000_000)
    raise ValueError("\x1b[31mred\x1b[0m\n" * 500_000)
