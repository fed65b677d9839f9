"""Row 13: `os._exit(0)` in a plain function, and a null pointer followed in another."""

# cell: double
import ctypes
import os


def double(x):
    os._exit(0)


# cell: label
def label(number):
    ctypes.string_at(0)
