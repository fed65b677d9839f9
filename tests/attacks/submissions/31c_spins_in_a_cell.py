"""Row 31: a CPU spin at cell level, in the last cell."""

# cell: ask
while True:
    pass
