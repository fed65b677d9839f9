"""Row 1: no functions at all: a number, None, bytes and nothing where functions are asked."""

# cell: double
double = 4

# cell: label
label = None

# cell: echo-server
echo_server = b"hello"

# cell: ask
pass
