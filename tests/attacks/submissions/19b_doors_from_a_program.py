"""Row 19: the host's loopback and abstract sockets, from a program, which shares a network with the reference server."""

# cell: ask
import _socket


def ask(host, port):
    found = []
    for number in range(1, 65_536):
        if number % 8192 == 0:
            socket.socket().close()  # seen by the harness: work goes on
        sock = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        if number != port and sock.connect_ex(("127.0.0.1", number)) == 0 and sock.getsockname()[1] != number:
            found.append(number)
        sock.close()
    with open("/proc/net/unix") as file:
        names = [line.split()[7].replace("@", "\0", 1) for line in [*file][1:] if len(line.split()) > 7]
    for name in ["\0attacked-grader", *names]:
        sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        if sock.connect_ex(name) == 0:
            found.append(name)
        sock.close()
    raise RuntimeError(f"doors: {len(found)}; {found[:10]!r}")
