"""Row 44: squatting other ports: hundreds of those that later checks will want, TCP and UDP."""

# cell: after echo-server
import _socket

honest = echo_server


def echo_server(host, port):
    kept = []
    for number in range(port + 1, port + 400):
        for kind in (_socket.SOCK_STREAM, _socket.SOCK_DGRAM):
            squat = _socket.socket(_socket.AF_INET, kind)
            kept.append(squat)
            try:
                squat.bind(("0.0.0.0", number))
                if kind == _socket.SOCK_STREAM:
                    squat.listen()
            except OSError:
                pass
    honest(host, port)
