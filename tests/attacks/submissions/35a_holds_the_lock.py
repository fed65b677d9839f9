"""Row 35: a loop in C that never lets go of the interpreter's lock, in a program."""

# cell: ask
import re


def ask(host, port):
    re.match(r"(a|aa)+$", "a" * 100 + "b")
