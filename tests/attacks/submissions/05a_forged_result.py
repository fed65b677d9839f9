"""Row 5: forged display output: the function shows an execution result of 1, nan or 100 before the check fails."""

# cell: double
import sys


def double(x):
    sys.displayhook(1 if x == 2 else float("nan"))
    return None


# cell: label
def label(number):
    sys.displayhook(1.0)
    sys.__displayhook__(100)
    return None
