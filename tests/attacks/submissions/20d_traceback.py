"""Row 20: leaking through a traceback: the exception makes its text of the cells that called the function."""

# cell: label
import inspect
import linecache
import re
import sys

TESTS = re.compile(r"marker-[0-9]|seed\.(integer|bytes)")


class Telling(Exception):
    def __str__(self):
        told = []
        frame = sys._getframe()
        while frame is not None:
            told += linecache.getlines(frame.f_code.co_filename)[:400]
            frame = frame.f_back
        try:
            told += [line for info in inspect.stack(context=50) for line in info.code_context or ()]
        except Exception as error:
            told.append(repr(error))
        return "".join(filter(TESTS.search, told)) or f"{'no'}body told"


def label(number):
    raise Telling
