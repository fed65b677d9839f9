"""Meetings: every outcome told apart, whatever the style of the program, and nothing left behind."""

from __future__ import annotations

import os
import queue
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import programs
import psutil
import pytest

from autograder import CheckFailed, call, child, kernel, program, serve
from autograder.check import CheckStopped
from autograder.exchange import Exchange, Outcome
from autograder.program import NotAProgram

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells who waits only on Linux")


def failure(check: Callable[[], object]) -> Exchange:
    with pytest.raises(CheckFailed) as caught:
        check()
    return caught.value.exchange


def outcome(check: Callable[[], object]) -> Outcome:
    step = failure(check).failed_step
    assert step is not None
    return step.outcome


def start(program: Callable[..., None]) -> None:
    with serve(program):
        pass


def ask(program: Callable[..., None]) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")


@pytest.mark.parametrize("echo", programs.ECHOES, ids=lambda echo: echo.__name__)
def test_right_programs_of_every_style_pass(echo: Callable[..., None]) -> None:
    with serve(echo) as server:
        first, second = server.connect(), server.connect()
        first.sends(b"hello", pieces=1)
        first.expects(b"hello")
        first.half_closes()
        first.expects_eof()
        second.sends(b"again")
        second.expects(b"again")
        second.expects_silence()
        second.closes()
        server.expects_sockets_closed()
        server.expects_flow("socket bind listen (accept (recv|send)* shutdown? close)*")
        server.expects_running()


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("echo", programs.ECHOES, ids=lambda echo: echo.__name__)
def test_megabytes_come_back_whole(echo: Callable[..., None], late: bool) -> None:
    message = bytes(range(256)) * 4096 * 3
    with serve(echo) as server:
        client = server.connect()
        client.sends(message, reads_late=late)
        client.half_closes()
        client.expects(message)
        client.expects_eof()


def test_pieces_are_reads() -> None:
    with serve(programs.echo_loop) as server:
        client = server.connect()
        client.sends(b"x" * 50, pieces=1)
        client.expects(b"x" * 50)
        reads = [call.size for call in server.exchange.by("student", "recv") if call.size]
    assert reads == [1] * 50


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_ipv6() -> None:
    with serve(programs.echo_ipv6, host="::1") as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        server.refuses(to="127.0.0.1")


@linux
def test_forked_servers_are_followed() -> None:
    with serve(programs.echo_forks) as server:
        clients = [server.connect() for _ in range(3)]
        for client in reversed(clients):
            client.sends(b"hello")
            client.expects(b"hello")
        for client in clients:
            client.half_closes()
            client.expects_eof()
        assert len({call.process for call in server.exchange.by("student", "recv")}) == 3


def test_datagrams() -> None:
    with serve(programs.echo_datagrams, transport="udp") as server:
        client = server.datagrams()
        for message in (b"hello", b"", bytes(60_000)):
            client.sends(message)
            client.expects_datagram(message)
        client.expects_silence()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (programs.never_listens, Outcome.SILENCE),
        (programs.ends_at_once, Outcome.EXIT),
        (programs.crashes_at_once, Outcome.CRASH),
        (programs.spins_at_once, Outcome.SPINNING),
    ],
)
@linux
def test_why_a_server_cannot_be_met(program: Callable[..., None], expected: Outcome) -> None:
    assert outcome(lambda: start(program)) is expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (programs.never_answers, Outcome.SILENCE),
        (programs.closes_at_once, Outcome.RESET),
        (programs.resets_at_once, Outcome.RESET),
        (programs.crashes_on_data, Outcome.CRASH),
        (programs.exits_on_data, Outcome.EXIT),
        (programs.computes_for_ever, Outcome.SPINNING),
        (programs.polls_for_ever, Outcome.SILENCE),
    ],
)
@linux
def test_why_an_answer_does_not_come(program: Callable[..., None], expected: Outcome) -> None:
    seen = outcome(lambda: ask(program))
    if program is programs.closes_at_once:
        assert seen in (Outcome.EOF, Outcome.RESET)  # what the client's own bytes meet: both are this program's doing
    else:
        assert seen is expected


def test_end_of_file_that_is_not_understood_is_spinning() -> None:
    def check() -> None:
        with serve(programs.ignores_end_of_file) as server:
            client = server.connect()
            client.half_closes()
            client.expects_eof()

    exchange = failure(check)
    assert exchange.failed_step is not None
    assert exchange.failed_step.outcome is Outcome.SPINNING
    assert len([call for call in exchange.by("student", "recv") if call.ended is not None]) == 200


def test_a_crash_is_shown_with_the_students_line_only() -> None:
    state = failure(lambda: ask(programs.crashes_on_data)).program
    assert state.exception == "ValueError: I do not like this message"
    assert [line.text for line in state.traceback] == ['raise ValueError("I do not like this message")']
    assert state.exit_status == 1


@linux
def test_a_waiting_program_is_shown_where_it_waits() -> None:
    state = failure(lambda: ask(programs.never_answers)).program
    assert state.blocked_in == "recvfrom"
    assert state.stack[-1].text == "while connection.recv(4096):"


def test_sockets_that_stay_open_are_counted() -> None:
    def check() -> None:
        with serve(programs.keeps_sockets) as server:
            for _ in range(3):
                client = server.connect()
                client.half_closes()
                client.expects_eof()
                client.closes()
            server.expects_sockets_closed()

    step = failure(check).failed_step
    assert step is not None
    assert step.detail == "3 sockets are still open in the program."


def test_a_slow_start_is_no_mistake() -> None:
    ask(programs.starts_slowly)


def test_output_is_drained_and_its_end_kept() -> None:
    with serve(programs.floods_its_output) as server:
        server.connect().expects_eof()
        assert server.exchange.program.output.endswith("the end of the flood\n")


def test_a_refused_port_is_not_the_students_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1]])
        from autograder import client

        honest = client.free_port
        monkeypatch.setattr(client, "free_port", lambda: next(ports, None) or honest())
        with serve(programs.echo_loop) as server:
            server.connect()
            exchange = server.exchange
    # the start that met somebody else's port is no part of the history
    assert [call.error for call in exchange.by("student", "bind")] == [""]


# -- calling --------------------------------------------------------------------------------------------------------


def test_a_client_meets_the_reference_server() -> None:
    with call(programs.fetch, peer="tcp") as program:
        server = program.peer.accepts()
        server.sends(b"one two", pieces=[3, 1])
        server.closes()
        program.returns(b"one two")
        assert [call.size for call in program.exchange.by("student", "recv")] == [3, 1, 3, 0]


def test_a_wrong_value_is_shown_beside_the_right_one() -> None:
    def check() -> None:
        with call(programs.fetch, peer="tcp") as program:
            server = program.peer.accepts()
            server.sends(b"one two")
            server.closes()
            program.returns(b"one twO")

    step = failure(check).failed_step
    assert step is not None
    assert (step.expected, step.received) == (b"one twO", b"one two")


def test_what_a_function_raises() -> None:
    with call(programs.refuse, "not this") as program:
        program.raises(ValueError)

    def check() -> None:
        with call(programs.refuse, "not this") as program:
            program.returns(1)

    step = failure(check).failed_step
    assert step is not None
    assert step.detail == "It raised ValueError: not this"


def test_a_socket_is_passed_by_its_descriptor() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, call(recv_exactly, theirs, 5) as program:
        ours.sendall(b"hel")
        ours.sendall(b"lo and more")
        program.returns(b"hello")
        assert [made.name for made in program.exchange.by("student", "recv")]
        assert program.exchange.arguments == ("…", "5")
    assert ours.fileno() == -1


def recv_exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += sock.recv(size - len(data))
    return data


def test_a_value_that_is_not_plain_is_not_taken() -> None:
    def check() -> None:
        with call(programs.strange) as program:
            program.result()

    step = failure(check).failed_step
    assert step is not None
    assert "an object of type object" in step.detail


@pytest.mark.parametrize("thing", [3, None, lambda: None, lambda host: None])
def test_what_cannot_be_served_is_said_plainly(thing: object) -> None:
    with pytest.raises(NotAProgram):
        serve(thing)  # type: ignore[arg-type]


def test_what_cannot_cross_into_another_process_is_said_plainly() -> None:
    opened = socket.socket()

    def holds_a_socket(host: str, port: int) -> None:
        opened.bind((host, port))

    with opened, pytest.raises(NotAProgram, match="Create sockets and threads inside the function"):
        serve(holds_a_socket)


def test_locks_and_compiled_formats_of_a_cell_cross_into_the_program() -> None:
    lock, condition, waiting, size = threading.Lock(), threading.Condition(), queue.Queue(), struct.Struct("!H")

    def swap(host: str, port: int) -> None:
        with socket.create_server((host, port)) as listening:
            connection, _ = listening.accept()
            with connection, lock, condition:
                waiting.put(size.unpack(connection.recv(2)))
                connection.sendall(struct.pack("<H", *waiting.get()))

    with lock, serve(swap) as server:  # that it is held here says nothing about the program
        client = server.connect()
        client.sends(b"\1\2")
        client.expects(b"\2\1")


def test_the_text_of_a_program_has_the_functions_and_classes_that_it_uses() -> None:
    text = program.source(programs.echo_in_parts)
    assert text.startswith("def echo_in_parts(")
    assert "class Talk" in text
    assert "def one_more" in text
    assert "def echo_loop" not in text


# -- nothing is left behind -------------------------------------------------------------------------------------------


def ours() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def alive(number: int) -> bool:
    """Whether a process runs; one that has ended and waits for init to notice does not."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    "program", [programs.echo_loop, programs.ignores_signals, programs.echo_forks, programs.computes_for_ever]
)
@linux
def test_nothing_is_left_running_or_listening(program: Callable[..., None]) -> None:
    child.dismiss_spare()
    before = ours()
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        given = server.exchange.given
        assert given is not None
    child.dismiss_spare()
    assert ours() == before
    assert kernel.listens(given[1]) is False


@linux
def test_a_daemon_that_left_the_group_is_ended_too() -> None:
    with serve(programs.leaves_a_daemon) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        exchange = server.exchange
        given = exchange.given
    assert given is not None
    assert kernel.listens(given[1]) is False
    assert not any(alive(call.process) for call in exchange.by("student"))


ORPHAN = """
    import os, signal, sys
    sys.path.insert(0, {here!r})
    import programs
    from autograder import serve
    with serve(programs.{name}) as server:
        server.connect()
        print(server._trial._child.number, server.exchange.given[1], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("name", ["echo_loop", "ignores_signals", "echo_forks"])
@linux
def test_a_program_never_outlives_the_process_that_checks_it(name: str) -> None:
    here = str(Path(__file__).parent)
    script = textwrap.dedent(ORPHAN.format(here=here, name=name))
    checker = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert checker.stdout is not None
    number, port = map(int, checker.stdout.readline().split())
    program = psutil.Process(number) if psutil.pid_exists(number) else None
    assert checker.wait(20) == -signal.SIGKILL
    checker.stdout.close()
    if program is not None:
        psutil.wait_procs([program], 20)
    assert not alive(number)
    assert kernel.listens(port) is False


def test_the_programs_surroundings_are_the_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def surroundings() -> list[str | None]:
        return [os.getcwd(), os.environ.get("A_SETTING"), str(sys.stdin.read())]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("A_SETTING", "just now")
    with call(surroundings) as program:
        program.returns([str(tmp_path), "just now", ""])


def test_an_unwritten_function_is_called_unwritten() -> None:
    step = failure(lambda: start(programs.unwritten)).failed_step
    assert step is not None
    assert step.detail == "unwritten has not been written yet: it still raises NotImplementedError."


def test_an_interrupted_check_ends_the_program_and_says_so() -> None:
    number = 0

    def check() -> None:
        nonlocal number
        with serve(programs.echo_loop) as server:
            server.connect()
            number = next(server.exchange.by("student")).process
            raise KeyboardInterrupt

    with pytest.raises(CheckStopped) as caught:
        check()
    assert "You stopped this check" in caught.value._render_traceback_()[0]
    assert not alive(number)
