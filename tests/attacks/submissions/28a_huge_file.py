"""Row 28: one huge file."""

# cell: after ask
honest = ask


def ask(host, port):
    with open("/tmp/huge", "wb", buffering=0) as file:
        for _ in range(400):  # 400 MiB; if no wall stops it, the machine is spared
            if file.write(b"x" * (1 << 20)) < 1 << 20:
                raise OSError(27, "File too large")
    return honest(host, port)
