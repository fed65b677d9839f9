"""Row 43: leftover port: a daemon goes on listening, at every address, when its server has been ended."""

# cell: after echo-server
import _socket
import os

honest = echo_server


def echo_server(host, port):
    reads, writes = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            kept = []
            for number in (port + 1, port + 2, 8000):
                listener = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
                listener.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEPORT, 1)
                listener.bind(("0.0.0.0", number))
                listener.listen()
                kept.append(listener)
            os.write(writes, b"x")
            os.read(os.pipe()[0], 1)
        os._exit(0)
    os.wait()
    os.close(writes)
    os.read(reads, 1)
    honest(host, port)
