"""Row 31: a CPU spin in a plain function, which catches whatever would stop it."""

# cell: double
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
