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

import exercise
import programs
import pytest

from autograder import call, child, serve
from autograder.exchange import Call, Exchange

CALLS = "socket,bind,listen,accept,accept4,connect,sendto,sendmsg,recvfrom,recvmsg,shutdown,close"

QUOTE = "To be liberal in what you accept"

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


Seen = dict[tuple[int, int, int], dict[int, list[tuple[str, Any]]]]
"""For each socket, by process, descriptor and its how-manieth use there, each thread's calls, with size or error."""


def _error(name: str, error: str | None) -> str | None:
    """The error that counts: Python connects in steps where a time-out is set, and shows one call."""
    return None if name == "connect" and error == "EINPROGRESS" else error


def by_strace(text: str, processes: list[int]) -> Seen:
    """What strace saw of IP sockets; waiting calls that were cut short are left out.

    strace numbers threads; one that is none of the `processes` belongs to the first. A forked process begins with
    its parent's sockets, each in its first use there.
    """
    seen: Seen = defaultdict(lambda: defaultdict(list))
    uses: dict[tuple[int, int], int] = defaultdict(int)
    ours: dict[int, set[int]] = {processes[0]: set()}
    ever: set[int] = set()  # a child may be seen only after its parent has closed what it inherited
    for line in whole_lines(text):
        found = _LINE.match(line)
        if found is None or found["result"] == "?":
            continue
        thread = int(found["pid"])
        process = thread if thread in processes else processes[0]
        held = ours.setdefault(process, set(ever))
        name, result = found["name"], int(found["result"])
        if name == "socket" and "AF_INET" in found["args"] and result >= 0:
            uses[process, result] += 1
            held.add(result)
            ever.add(result)
            seen[process, result, uses[process, result]][thread].append(("socket", None))
            continue
        descriptor = re.match(r"\d+", found["args"])
        if descriptor is None or (number := int(descriptor[0])) not in held:
            continue
        uses[process, number] = uses[process, number] or 1
        plain = {"accept4": "accept", "sendto": "send", "recvfrom": "recv", "sendmsg": "send", "recvmsg": "recv"}
        moved = name in ("sendto", "recvfrom", "sendmsg", "recvmsg")
        call = (plain.get(name, name), _error(name, found["error"]) or (result if moved else None))
        seen[process, number, uses[process, number]][thread].append(call)
        if name == "accept4" and result >= 0:
            uses[process, result] += 1
            held.add(result)
            ever.add(result)
        if name == "close":
            held.discard(number)
    return dict(seen)


def by_tracer(calls: list[Call]) -> Seen:
    """What the tracer saw, in the same form."""
    plain = {"recv_into": "recv", "recvfrom": "recv", "sendto": "send", "sendmsg": "send", "sendall": "send"}
    plain |= {"connect_ex": "connect", "recvfrom_into": "recv"}
    watched = {"socket", "bind", "listen", "accept", "connect", "send", "recv", "shutdown", "close"}
    seen: Seen = defaultdict(lambda: defaultdict(list))
    uses: dict[tuple[int, int], int] = defaultdict(int)
    use_of: dict[tuple[int, int], int] = {}
    for one in calls:
        if one.family == "AF_UNIX" or one.blocked or one.error == "killed":
            continue
        if (one.process, one.socket) not in use_of:
            uses[one.process, one.descriptor] += 1
            use_of[one.process, one.socket] = uses[one.process, one.descriptor]
        name = plain.get(one.name, one.name)
        if name in watched:
            moved = name in ("send", "recv")
            size = _error(name, one.error) or (one.size if moved else None)
            seen[one.process, one.descriptor, use_of[one.process, one.socket]][one.thread].append((name, size))
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


def told(seen: Seen) -> dict[tuple[int, int, int], list[tuple[str, Any]]]:
    """Each socket's calls in order; where several threads share it, sorted, and all they sent as one sum.

    Threads make their calls at the same time, and the two witnesses name threads differently.
    """
    result = {}
    for socket, threads in seen.items():
        whole = [call for calls in threads.values() for call in calls]
        names = {name for name, _ in whole}
        if len(threads) == 1:
            result[socket] = whole if "bind" in names and "listen" not in names else joined(whole)
            continue
        sent = sum(size for name, size in whole if name == "send" and isinstance(size, int))
        rest = [call for call in whole if not (call[0] == "send" and isinstance(call[1], int))]
        result[socket] = [*sorted(rest, key=repr), ("sent in all", sent)]
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
    processes = list(dict.fromkeys(call.process for call in exchange.by("student")))
    assert told(by_tracer(list(exchange.by("student")))) == told(by_strace(witnessed, processes))


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


def quotes(function: Callable[..., Any]) -> Exchange:
    with serve(function) as server:
        for _ in range(2):
            client = server.connect()
            client.receives()
            client.closes()
        server.expects_sockets_closed()
        return server.exchange


def quotes_by_datagram(function: Callable[..., Any]) -> Exchange:
    with serve(function, transport="udp") as server:
        first, second = server.datagrams(), server.datagrams()
        for client in (second, first, second):
            client.sends(b"")
            client.expects_datagram(QUOTE.encode("ascii") + b"\r\n")
        return server.exchange


def reads_a_reply(reply: bytes) -> Callable[[Callable[..., Any]], Exchange]:
    def scene(function: Callable[..., Any]) -> Exchange:
        with call(function, peer="tcp") as program:
            server = program.peer.accepts()
            server.sends(reply, pieces=1)
            server.closes()
            program.result()
            return program.exchange

    return scene


def is_echoed(function: Callable[..., Any]) -> Exchange:
    with call(function, bytes(range(256)) * 40, peer="tcp") as program:
        server = program.peer.accepts()
        server.echoes()
        server.closes()
        program.returns(bytes(range(256)) * 40)
        return program.exchange


def asks_by_datagram(function: Callable[..., Any]) -> Exchange:
    with call(function, peer="udp") as program:
        program.peer.expects_datagram(b"")
        program.peer.replies(b"\x70\x0f\x0f\x70")
        program.result()
        return program.exchange


SCENES: dict[str, Callable[[Callable[..., Any]], Exchange]] = {
    "get_daytime": reads_a_reply(b"Tuesday\r\n"),
    "quote_server": quotes,
    "quote_server_udp": quotes_by_datagram,
    "echo_server": visit,
    "echo_client": is_echoed,
    "time_tcp": reads_a_reply(b"\x70\x0f\x0f\x70"),
    "time_udp": asks_by_datagram,
}
RIGHT = [one for a in exercise.assignments() for one in exercise.students(a) if not one.fails]


@pytest.mark.parametrize(
    ("student", "name"),
    [(student, name) for student in RIGHT for name in SCENES if f"def {name}(" in student.source],
    ids=str,
)
def test_the_tracer_agrees_with_strace_on_every_right_program(
    student: exercise.Student, name: str, tmp_path: Path, program_needed: Any
) -> None:
    program_needed("strace")
    space: dict[str, Any] = {"__name__": "__main__", "QUOTE": QUOTE}
    exec(compile(student.source, f"{student.name}.py", "exec"), space)
    with strace(tmp_path / "calls"):
        exchange = SCENES[name](space[name])
        child.dismiss_spare()
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
