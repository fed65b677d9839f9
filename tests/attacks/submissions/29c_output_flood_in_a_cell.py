"""Row 29: output without end at cell level, printed and displayed."""

# cell: ask
from IPython.display import HTML, display

while True:
    print("flood " * 10_000)
    display(HTML("<p>flood</p>" * 10_000))
