"""Row 47: binds 0.0.0.0 where 127.0.0.1 is asked."""

# cell: after echo-server
honest = echo_server


def echo_server(host, port):
    honest("0.0.0.0", port)
