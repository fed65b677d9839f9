"""The tracing socket: what it records, and that strace, an independent witness, saw the same."""

from __future__ import annotations

import re
import select
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import programs
import pytest

from autograder import child, serve
from autograder.exchange import Call, Exchange

CALLS = "socket,bind,listen,accept,accept4,connect,sendto,sendmsg,recvfrom,recvmsg,shutdown,close"

_LINE = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+|\?)(?: (?P<error>E\w+))?")


@contextmanager
def strace(output: Path) -> Iterator[None]:
    """Watch the process that the next program will run in."""
    child.dismiss_spare()
    child._prepare_spare()
    process = child._spare[0].process
    witness = subprocess.Popen(
        ["strace", "-f", "-o", str(output), "-e", f"trace={CALLS}", "-p", str(process.pid)], stderr=subprocess.PIPE
    )
    assert witness.stderr is not None
    assert select.select([witness.stderr], [], [], 10)[0], "strace says nothing"
    assert b"attached" in witness.stderr.readline()
    yield
    witness.wait(10)
    witness.stderr.close()


def whole_lines(text: str) -> Iterator[str]:
    """strace's lines, with calls that another thread interrupted put together again."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        pid, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>")
        elif resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", rest):
            yield f"{pid} {begun.pop(pid)}{resumed[1]}"
        else:
            yield line


Seen = dict[tuple[int, int], list[tuple[str, Any]]]
"""For each socket, by descriptor and its how-manieth use, the calls with the size, or the error, each came to."""


def by_strace(text: str) -> Seen:
    """What strace saw of IP sockets; waiting calls that were cut short are left out."""
    seen: Seen = defaultdict(list)
    uses: dict[int, int] = defaultdict(int)
    ours: set[int] = set()
    for line in whole_lines(text):
        found = _LINE.match(line)
        if found is None or found["result"] == "?":
            continue
        name, result = found["name"], int(found["result"])
        if name == "socket" and "AF_INET" in found["args"] and result >= 0:
            uses[result] += 1
            ours.add(result)
            seen[result, uses[result]].append(("socket", None))
            continue
        descriptor = re.match(r"\d+", found["args"])
        if descriptor is None or (number := int(descriptor[0])) not in ours:
            continue
        plain = {"accept4": "accept", "sendto": "send", "recvfrom": "recv", "sendmsg": "send", "recvmsg": "recv"}
        moved = name in ("sendto", "recvfrom", "sendmsg", "recvmsg")
        seen[number, uses[number]].append((plain.get(name, name), found["error"] or (result if moved else None)))
        if name == "accept4" and result >= 0:
            uses[result] += 1
            ours.add(result)
        if name == "close":
            ours.discard(number)
    return dict(seen)


def by_tracer(calls: list[Call]) -> Seen:
    """What the tracer saw, in the same form."""
    plain = {"recv_into": "recv", "recvfrom": "recv", "sendto": "send", "sendmsg": "send", "sendall": "send"}
    watched = {"socket", "bind", "listen", "accept", "connect", "send", "recv", "shutdown", "close"}
    seen: Seen = defaultdict(list)
    uses: dict[int, int] = defaultdict(int)
    use_of: dict[int, int] = {}
    for call in calls:
        if call.family == "AF_UNIX" or call.blocked or call.error == "killed":
            continue
        if call.socket not in use_of:
            uses[call.descriptor] += 1
            use_of[call.socket] = uses[call.descriptor]
        name = plain.get(call.name, call.name)
        if name in watched:
            moved = name in ("send", "recv")
            size = call.error or (call.size if moved else None)
            seen[call.descriptor, use_of[call.socket]].append((name, size))
    return dict(seen)


def joined(calls: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Sends in a row as one: a sendall may be several system calls."""
    result: list[tuple[str, Any]] = []
    for name, size in calls:
        if name == "send" and result and result[-1][0] == "send" and isinstance(size, int):
            result[-1] = ("send", result[-1][1] + size)
        else:
            result.append((name, size))
    return result


def visit(echo: Callable[..., None]) -> Exchange:
    with serve(echo) as server:
        client = server.connect()
        client.sends(b"hello, world", pieces=5)
        client.expects(b"hello, world")
        other = server.connect()
        client.half_closes()
        client.expects_eof()
        other.sends(bytes(100_000))
        other.expects(bytes(100_000))
        other.closes()
        server.expects_sockets_closed()
        return server.exchange


def agree(exchange: Exchange, witnessed: str) -> None:
    theirs = {socket: joined(calls) for socket, calls in by_strace(witnessed).items()}
    ours = {socket: joined(calls) for socket, calls in by_tracer(list(exchange.by("student"))).items()}
    assert ours == theirs


@pytest.mark.parametrize("echo", programs.ECHOES, ids=lambda echo: echo.__name__)
def test_the_tracer_agrees_with_strace(echo: Callable[..., None], tmp_path: Path, program_needed: Any) -> None:
    program_needed("strace")
    with strace(tmp_path / "calls"):
        exchange = visit(echo)
        child.dismiss_spare()
    agree(exchange, (tmp_path / "calls").read_text())


def test_the_tracer_agrees_with_strace_on_datagrams(tmp_path: Path, program_needed: Any) -> None:
    program_needed("strace")
    with strace(tmp_path / "calls"), serve(programs.echo_datagrams, transport="udp") as server:
        client = server.datagrams()
        for message in (b"one", b"", b"three"):
            client.sends(message)
            client.expects_datagram(message)
        exchange = server.exchange
    agree(exchange, (tmp_path / "calls").read_text())


def test_a_call_carries_where_it_stands_and_what_it_moved() -> None:
    exchange = visit(programs.echo_loop)
    first = next(exchange.by("student", "recv"))
    assert (first.data, first.size, first.arguments) == (b"hello", 5, (4096,))
    assert first.line is not None
    assert first.line.text == "while data := connection.recv(4096):"
    assert first.line.function == "echo_loop"
    assert first.local == exchange.given
    accept = next(exchange.by("student", "accept"))
    assert accept.made == first.socket
    assert accept.remote == first.remote
    bind = next(exchange.by("student", "bind"))
    assert bind.arguments == (repr(exchange.given),)


def test_options_are_named() -> None:
    option = next(visit(programs.echo_loop).by("student", "setsockopt"))
    assert option.arguments == ("SOL_SOCKET", "SO_REUSEADDR", 1)


def test_long_data_is_kept_in_part_and_counted_whole() -> None:
    echoed = [call for call in visit(programs.echo_loop).by("student", "sendall") if call.size == 4096]
    assert echoed
    assert all(len(call.data) == 1024 for call in echoed)
