"""Row 20: exceptions without end: recursion, a chain of three thousand causes, nested groups, notes by the megabyte."""

# cell: double
def double(x):
    return double(x)


# cell: label
def label(number):
    error = ValueError("first")
    for turn in range(3000):
        another = ValueError(f"because {turn}")
        another.__cause__ = error
        error = another
    for _ in range(90):
        error = ExceptionGroup("group", [error, KeyError("k")])
    error.__notes__ = ["note " * 100_000] * 20
    raise error


# cell: ask
def ask(host, port):
    exec("def f():\n" + "".join(f"{' ' * depth}if 1:\n" for depth in range(1, 95)) + " " * 95 + "raise OSError('deep')\nf()")
