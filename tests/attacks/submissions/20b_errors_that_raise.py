"""Row 20: exceptions and values whose __str__, __repr__, __class__ and attributes raise, or never come back."""

# cell: double
class Evil(Exception):
    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __str__

    def __getattribute__(self, name):
        raise SystemExit(0)


def double(x):
    raise Evil


# cell: label
class Shy:
    def __repr__(self):
        raise SystemExit(0)

    __str__ = __format__ = __hash__ = __len__ = __iter__ = __repr__

    def __getattribute__(self, name):
        raise KeyboardInterrupt


def label(number):
    return Shy()


# cell: ask
class Slow(Exception):
    def __str__(self):
        import threading

        threading.Event().wait()


def ask(host, port):
    raise Slow
