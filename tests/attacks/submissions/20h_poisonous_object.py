"""Row 20: an object in a function's place that ends whatever process so much as looks at it."""

# cell: double
class Poison:
    def __getattribute__(self, name):
        raise SystemExit(0)

    __call__ = __repr__ = __str__ = __hash__ = __eq__ = __reduce__ = __len__ = __getattribute__


double = Poison()
