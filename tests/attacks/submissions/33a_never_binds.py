"""Row 33: never binds: it waits for something that will not come."""

# cell: echo-server
import threading


def echo_server(host, port):
    threading.Event().wait()
