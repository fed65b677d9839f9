"""Scripts: one-line Python programs that do what nc cannot, for the commands by which a student repeats a check.

Owns their text, and their quoting for sh. Must not know an exchange, nor why a script is wanted. They run without
this package, so nothing but time keeps apart what they send in pieces; a second does for a student.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

LINGER = "s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))"
"""Lingering for no time turns close into RST, which nc cannot send."""

ENTER = "input('Enter ends it.')"


@dataclass(frozen=True)
class Manner:
    """How a client behaves besides what it sends, in bytes; 0 where it does not.

    `receive_buffer` is the size of its socket's, `reads` how much it reads at a time, slowly, and `floods` how much
    it sends while it reads nothing.
    """

    receive_buffer: int = 0
    reads: int = 0
    floods: int = 0


def continued(start: bytes, size: int) -> str:
    """A short Python expression for so many bytes that go on as these begin: one byte, or the same words, repeated.

    "" if they do neither, or the expression would not be short.
    """
    words = start.rstrip(start[-1:])
    if len(words) <= SHORT and len(start) - len(words) >= TELLING:
        return f"{words!r} + " * bool(words) + _run(start[-1:], size - len(words))
    for period in range(1, len(start) - OVERLAP):
        if start[period:] == start[:-period]:
            unit = " + ".join(_in_runs(start[:period]))
            whole, rest = divmod(size, period)
            told = f"({unit}) * {whole}" if not rest else f"(({unit}) * {whole + 1})[:{size}]"
            return told if len(told) <= 2 * SHORT else ""
    return ""


SHORT, TELLING, OVERLAP = 64, 256, 16
"""Bytes before a repeated one, bytes that must repeat to tell anything, and those by which a unit must come again."""


def _in_runs(words: bytes) -> Iterator[str]:
    """Words as Python expressions to be added: a byte that comes many times in a row is written once."""
    plain = b""
    for byte, run in groupby(words):
        times = len(list(run))
        if times < OVERLAP:
            plain += bytes([byte]) * times
            continue
        yield from [repr(plain)] * bool(plain)
        yield _run(bytes([byte]), times)
        plain = b""
    yield from [repr(plain)] * bool(plain)


def _run(byte: bytes, times: int) -> str:
    return f"bytes({times})" if byte == b"\0" else f"{byte!r} * {times}"


def python(script: str) -> str:
    """A command that runs this script with Python, quoted for sh."""
    for sign in '\\"$`':
        script = script.replace(sign, "\\" + sign)
    return f'python3 -c "{script}"'


def resetting_client(host: str, port: int, payload: str, *, half_closes: bool) -> str:
    """A client that sends something (a Python expression; "" for nothing), perhaps half-closes, and aborts."""
    send = f"s.sendall({payload}); " * bool(payload) + "s.shutdown(socket.SHUT_WR); " * half_closes
    return python(f"import socket, struct; s = socket.create_connection(('{host}', {port})); {send}{LINGER}; s.close()")


def mannered_client(host: str, port: int, payload: str, manner: Manner, *, half_closes: bool) -> str:
    """A client with a small buffer, one that reads slowly, or one that sends without reading."""
    connect = f"s = socket.create_connection(('{host}', {port})); "
    if manner.receive_buffer:
        family = "AF_INET6" if ":" in host else "AF_INET"
        small = f"s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, {manner.receive_buffer})"
        connect = f"s = socket.socket(socket.{family}); {small}; s.connect(('{host}', {port})); "
    if manner.floods:
        return python(f"import socket; {connect}s.sendall({payload}); {ENTER}")
    send = f"s.sendall({payload}); " if payload else ""
    shut = "s.shutdown(socket.SHUT_WR); " if half_closes else ""
    size = manner.reads or 4096
    wait = ", time.sleep(0.1)" if manner.reads else ""  # slowness is what this client is for
    reads = f"[(print(len(d), 'bytes'){wait}) for d in iter(lambda: s.recv({size}), b'')]"
    return python(f"import socket{', time' if wait else ''}; {connect}{send}{shut}{reads}")


def datagram_client(host: str, port: int, payloads: Sequence[str]) -> str:
    """A client that sends datagrams (Python expressions) and waits for an answer to each."""
    family = "AF_INET6" if ":" in host else "AF_INET"
    return python(
        f"import socket; s = socket.socket(socket.{family}, socket.SOCK_DGRAM); s.settimeout(2); "
        f"[(s.sendto(d, ('{host}', {port})), print(s.recvfrom(65535))) for d in ({_listed(payloads)},)]"
    )


def _listed(payloads: Sequence[str]) -> str:
    """The parts of a tuple, what comes several times in a row told once."""
    runs = [(payload, len(list(run))) for payload, run in groupby(payloads)]
    return ", ".join(payload if count == 1 else f"*[{payload}] * {count}" for payload, count in runs)


def datagram_server(host: str, port: int, events: Sequence[str | None], strange: Sequence[bool]) -> str:
    """A server that receives (None) and replies (a Python expression) in this order, here and there as a stranger."""
    family = "AF_INET6" if ":" in host else "AF_INET"
    deeds = [
        "d, a = s.recvfrom(65535)" if event is None else f"{'t' if stranger else 's'}.sendto({event}, a)"
        for event, stranger in zip(events, strange, strict=True)
    ]
    make = f"socket.socket(socket.{family}, socket.SOCK_DGRAM)"
    other = f"t = {make}; " if any(strange) else ""
    return python(f"import socket; s = {make}; s.bind(('{host}', {port})); {other}{'; '.join(deeds)}; {ENTER}")


def server(host: str, port: int, payloads: str, *, aborts: bool) -> str:
    """A server that sends payloads (Python expressions) to one client, a second apart, and closes or aborts."""
    return python(  # it cannot see what the client has read: only time keeps the pieces apart
        f"import socket, struct, time; s, _ = socket.create_server(('{host}', {port}){_family(host)}).accept(); "
        f"[(s.sendall(d), time.sleep(1)) for d in ({payloads},)]; {LINGER + '; ' if aborts else ''}s.close()"
    )


def full_server(host: str, port: int) -> str:
    """A server that never accepts, and whose queue of waiting connections is full on every system that has a limit."""
    return python(
        f"import socket; l = socket.create_server(('{host}', {port}){_family(host)}, backlog=1); "
        "c = [socket.socket(l.family) for _ in range(200)]; "
        f"[(s.setblocking(False), s.connect_ex(l.getsockname())) for s in c]; {ENTER}"
    )


def echo_server(host: str, port: int, *, piece: int, small: bool) -> str:
    """An echo server (RFC 862) for one client: it reads nothing while it has something to send.

    With `small` its buffers are; the system's, which grow, may hold megabytes that nobody reads. It sends back
    `piece` bytes at a time, or all at once where that is 0.
    """
    buffers = "[s.setsockopt(socket.SOL_SOCKET, o, 65536) for o in (socket.SO_RCVBUF, socket.SO_SNDBUF)]; "
    read = "for d in iter(lambda: s.recv(4096), b'')"
    echo = f"[s.sendall(d) {read}]"
    if piece:  # as above, time keeps them apart
        echo = f"[(s.sendall(d[i:i+{piece}]), time.sleep(0.1)) {read} for i in range(0, len(d), {piece})]"
    return python(
        f"import socket{', time' if piece else ''}; "
        f"s, _ = socket.create_server(('{host}', {port}){_family(host)}).accept(); {buffers if small else ''}{echo}"
    )


def _family(host: str) -> str:
    return ", family=socket.AF_INET6" if ":" in host else ""
