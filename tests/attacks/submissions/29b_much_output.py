"""Row 29: 64 MiB of output, and then right work: it is drained, or it would block; and capped."""

# cell: after echo-server
honest = echo_server


def echo_server(host, port):
    for _ in range(64):
        print("much " * 200_000, flush=True)
    honest(host, port)
