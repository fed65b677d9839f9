"""Row 30: a thread flood."""

# cell: after echo-server
import threading

honest = echo_server


def echo_server(host, port):
    threading.stack_size(32_768)
    for _ in range(5000):  # if no wall stops it, the machine is spared
        threading.Thread(target=threading.Event().wait).start()
    honest(host, port)
