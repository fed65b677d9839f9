"""Row 26: /tmp filled, file by file, and the home folder."""

# cell: after echo-server
import os

honest = echo_server


def fill(folder):
    for number in range(40):  # 400 MiB; if no wall stops it, the machine is spared
        with open(os.path.join(folder, f"filled-{os.getpid()}-{number}"), "wb", buffering=0) as file:
            for _ in range(10):
                if file.write(b"x" * (1 << 20)) < 1 << 20:
                    raise OSError(28, "No space left on device")


def echo_server(host, port):
    fill("/tmp")
    fill(os.path.expanduser("~"))
    honest(host, port)
