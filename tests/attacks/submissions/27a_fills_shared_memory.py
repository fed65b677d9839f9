"""Row 27: /dev/shm filled."""

# cell: after echo-server
import os

honest = echo_server


def echo_server(host, port):
    for number in range(40):  # 400 MiB; if no wall stops it, the machine is spared
        with open(f"/dev/shm/filled-{number}", "wb", buffering=0) as file:
            for _ in range(10):
                if file.write(b"x" * (1 << 20)) < 1 << 20:
                    raise OSError(28, "No space left on device")
    honest(host, port)
