"""What a check costs: a five-exchange echo check against the bare minimum, in the same run.

    uv run python benchmarks/check_latency.py [RUNS]

The bare minimum starts Python on a ten-line echo server, exchanges the same five messages with a plain socket, and
kills it. The two are run in turn, RUNS times each (default 30); printed are both medians in milliseconds, their
ratio and their difference.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time

from autograder import serve

MESSAGES = [b"message %d" % number for number in range(5)]

SERVER = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    while True:
        connection, _ = listening.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)
"""


def echo_server(host: str, port: int) -> None:
    with socket.create_server((host, port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)


def bare() -> float:
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with socket.create_connection(("127.0.0.1", int(process.stdout.readline()))) as client:
        for message in MESSAGES:
            client.sendall(message)
            assert client.recv(4096) == message
    process.kill()
    process.wait()
    process.stdout.close()
    return time.perf_counter() - begun


def check() -> float:
    begun = time.perf_counter()
    with serve(echo_server) as server:
        client = server.connect()
        for message in MESSAGES:
            client.sends(message)
            client.expects(message)
    return time.perf_counter() - begun


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    bare(), check()  # both warm
    pairs = [(bare(), check()) for _ in range(runs)]
    least, ours = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"bare minimum {least:7.1f} ms   (median of {runs})")
    print(f"our check    {ours:7.1f} ms   (median of {runs})")
    print(f"ratio        {ours / least:7.2f}      difference {ours - least:.1f} ms")


if __name__ == "__main__":
    main()
