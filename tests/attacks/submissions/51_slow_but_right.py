"""Row 51: slow but right start: it computes a while, sleeps a while, and then serves."""

# cell: after echo-server
import time

honest = echo_server


def echo_server(host, port):
    sum(number * number for number in range(2_000_000))
    time.sleep(1.5)
    honest(host, port)
