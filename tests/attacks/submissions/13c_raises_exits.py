"""Row 13: exceptions that end programs: SystemExit, KeyboardInterrupt, and a BaseException of the student's own."""

# cell: double
def double(x):
    raise SystemExit(0)


# cell: label
def label(number):
    raise KeyboardInterrupt


# cell: ask
class Unstoppable(BaseException):
    pass


def ask(host, port):
    raise Unstoppable("past every except Exception")
