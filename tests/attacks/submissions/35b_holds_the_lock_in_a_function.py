"""Row 35: a loop in C that never lets go of the interpreter's lock, in a plain function: no signal handler runs."""

# cell: label
def label(number):
    return sum(iter(int, 1))
