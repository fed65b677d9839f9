"""Row 20: a right function that says it wraps itself, and has a name, a text and a signature that lie."""

# cell: after double
double.__wrapped__ = double
double.__signature__ = 7
double.__doc__ = 7
double.__module__ = 7
double.__name__ = "double" * 100_000
