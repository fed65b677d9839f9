"""Adversities: each lets a right program pass and catches one that counts on a kind network.

Every verdict comes from what the program and the kernel tell; nothing here waits for a while to see what happens.
"""

from __future__ import annotations

import errno
import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import programs
import pytest

from autograder import CheckFailed, call, cuts, expectations, kernel, seed, serve
from autograder.connection import TOGETHER
from autograder.datagram import LARGEST
from autograder.exchange import Exchange, Outcome, Step
from autograder.peers import absent

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells who waits, and fills queues so, on Linux")
MUCH = bytes(range(250)) * 1200


@contextmanager
def fails(outcome: Outcome | None = None) -> Iterator[list[Step]]:
    """What stands within fails in a step of this outcome, which is in the list afterwards."""
    found: list[Step] = []
    with pytest.raises(CheckFailed) as caught:
        yield found
    step = caught.value.exchange.failed_step
    assert step is not None
    assert outcome in (None, step.outcome)
    found.append(step)


def texts(exchange: Exchange) -> list[str]:
    return [step.text for step in exchange.steps]


def reads(exchange: Exchange) -> list[int]:
    """The sizes of the program's reads that brought something."""
    return [call.size for call in exchange.by("student", "recv") if call.size]


# -- streams: pieces, and messages together ----------------------------------------------------------------------------

LINES = "größe\r\nzwei\r\n".encode()
AWKWARD = {
    "between CR and LF": cuts.inside(LINES, b"\r\n"),
    "in a character": cuts.characters(LINES),
    "byte by byte": 1,
    "in the first line and in the second": cuts.after(LINES, 2, 10),
}


def talk_in_lines(program: Callable[..., None], pieces: Any) -> Exchange:
    with serve(program) as server:
        client = server.connect()
        client.sends(LINES, pieces=pieces)
        client.expects_line("GRÖSSE".encode())
        client.expects_line(b"ZWEI")
        client.expects_silence()
        return server.exchange


@pytest.mark.parametrize("pieces", AWKWARD.values(), ids=AWKWARD)
def test_pieces_are_reads_and_end_where_they_were_cut(pieces: Any) -> None:
    exchange = talk_in_lines(programs.echo_lines, pieces)
    assert reads(exchange) == ([1] * len(LINES) if pieces == 1 else pieces)


@pytest.mark.parametrize("pieces", AWKWARD.values(), ids=AWKWARD)
@linux
def test_pieces_catch_a_program_for_which_a_read_is_a_line(pieces: Any) -> None:
    with fails():
        talk_in_lines(programs.echo_line_a_read, pieces)


def talk_together(program: Callable[..., None]) -> Exchange:
    with serve(program) as server:
        client = server.connect()
        client.sends_together(b"one\r\n", b"two\r\n", b"three\r\n")
        for line in (b"ONE", b"TWO", b"THREE"):
            client.expects_line(line)
        return server.exchange


def test_messages_together_are_one_read() -> None:
    exchange = talk_together(programs.echo_lines)
    assert reads(exchange) == [17]
    assert r"sends 3 messages at once: 17 bytes b'one\r\ntwo\r\nthree\r\n'" in texts(exchange)


@linux
def test_messages_together_catch_a_program_for_which_a_read_is_a_line() -> None:
    with fails(Outcome.SILENCE):
        talk_together(programs.echo_line_a_read)


def test_as_many_as_go_together_are_one_read() -> None:
    with serve(programs.counts) as server:
        client = server.connect()
        client.sends_together(*[bytes(1000)] * 16)
        client.half_closes()
        client.expects(b"16000")
        assert reads(server.exchange) == [TOGETHER]
        with pytest.raises(ValueError, match="at most 16,000"):
            client.sends_together(bytes(TOGETHER), b"x")


# -- streams: a slow reader, and a flood -------------------------------------------------------------------------------


def read_slowly(program: Callable[..., None], buffer: int | None, size: int) -> Exchange:
    with serve(program) as server:
        client = server.connect(receive_buffer=buffer)
        client.expects(MUCH, reads=size)
        client.expects_eof()
        return server.exchange


@pytest.mark.parametrize(("buffer", "size"), [(4096, 16_384), (None, 60_000)])
def test_a_slow_reader_gets_all_of_it(buffer: int | None, size: int) -> None:
    exchange = read_slowly(programs.sends_much, buffer, size)
    sizes = [call.size for call in exchange.by("reference", "recv") if call.size]
    assert sum(sizes) == len(MUCH)
    assert max(sizes) <= size
    connects, expects = texts(exchange)[1:3]
    assert connects.endswith("with a receive buffer of 4,096 bytes") == (buffer is not None)
    assert expects.endswith(f", reading {size:,} at a time")


@linux
def test_a_slow_reader_with_a_small_buffer_makes_the_program_wait_in_send() -> None:
    with serve(programs.sends_much) as server:
        client = server.connect(receive_buffer=4096)
        state = server.exchange.program
        assert state.blocked_in == "sendto"
        client.expects(MUCH, reads=32_768)


def test_a_slow_reader_catches_a_program_that_sends_what_fits() -> None:
    with fails() as found:
        read_slowly(programs.sends_much_once, 4096, 16_384)
    assert "of 300,000 bytes came" in found[0].detail


FLOOD = 20_000_000


@linux
def test_a_flood_ends_when_a_program_that_reads_nothing_takes_no_more() -> None:
    with serve(programs.reads_nothing) as server:
        client = server.connect()
        client.floods(bytes(FLOOD))
        sent = sum(call.size for call in server.exchange.by("reference", "send"))
        assert 0 < sent < FLOOD
        client.expects_silence()


def test_a_flood_is_taken_whole_by_a_program_that_reads_all() -> None:
    with serve(programs.counts) as server:
        client = server.connect()
        client.floods(b"x" * FLOOD)
        client.half_closes()
        client.expects(b"20000000")
        begin = "b'xxxxxxxxxxxxxxxxxxxxxxxx'"
        assert texts(server.exchange)[2] == f"floods: sends up to 20,000,000 bytes {begin} … and reads nothing"


def test_a_flood_is_cut_short_by_a_program_that_closes_and_the_next_step_meets_it() -> None:
    with serve(programs.closes_after_a_read) as server:
        client = server.connect()
        client.floods(bytes(FLOOD))
        client.expects_reset()


@linux
def test_a_flood_stops_an_echo_and_reading_goes_on_where_it_stopped() -> None:
    with serve(programs.echo_loop) as server:
        client = server.connect()
        client.floods(bytes(range(256)) * (FLOOD // 256))
        sent = sum(call.size for call in server.exchange.by("reference", "send"))
        assert sent < FLOOD // 256 * 256
        client.expects((bytes(range(256)) * (FLOOD // 256))[:sent])
        client.expects_silence()


@linux
def test_a_flood_meets_a_crash_in_the_next_step() -> None:
    with fails(Outcome.CRASH), serve(programs.crashes_on_data) as server:
        client = server.connect()
        client.floods(bytes(FLOOD))
        client.expects(b"x")


def test_many_clients_are_served() -> None:
    with serve(programs.echo_threads) as server:
        clients = server.connect_many(20)
        for number, client in enumerate(reversed(clients)):
            client.sends(b"%d" % number)
            client.expects(b"%d" % number)
        assert [step.actor for step in server.exchange.steps[1:4]] == ["client", "client 2", "client 3"]


# -- the program: memory, its port, whether it listens -----------------------------------------------------------------


def flood_and_weigh(program: Callable[..., None], growth: int) -> Exchange:
    with serve(program) as server:
        client = server.connect()
        client.sends(bytes(30_000_000))
        server.expects_memory_within(growth)
        return server.exchange


def test_memory_within_bounds() -> None:
    exchange = flood_and_weigh(programs.counts, 10_000_000)
    assert texts(exchange)[-1] == "expects that the program's memory has grown by at most 10,000,000 bytes"


def test_memory_over_bounds() -> None:
    with fails(Outcome.DONE) as found:
        flood_and_weigh(programs.keeps_all, 10_000_000)
    assert re.fullmatch(r"It has grown by [23]\d\.\d MB, from [\d.]+ MB to [\d.]+ MB\.", found[0].detail)
    assert flood_and_weigh(programs.keeps_all, 60_000_000)


def test_memory_is_known_where_the_kernel_has_no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "READABLE", False)
    flood_and_weigh(programs.counts, 10_000_000)
    with fails(Outcome.DONE):
        flood_and_weigh(programs.keeps_all, 10_000_000)


@linux
def test_memory_that_forked_processes_share_counts_once() -> None:
    with serve(programs.echo_forks) as server:
        for client in server.connect_many(8):
            client.sends(b"hello")
            client.expects(b"hello")
        assert len({call.process for call in server.exchange.by("student")}) == 9
        server.expects_memory_within(50_000_000)


@linux
def test_the_memory_of_a_program_that_crashed_is_not_within_bounds() -> None:
    with fails(Outcome.CRASH), serve(programs.crashes_on_data) as server:
        server.connect().sends(b"hello")
        server.expects_memory_within(10_000_000)


@pytest.mark.parametrize(
    "program",
    [programs.echo_loop, programs.echo_asyncio, programs.echo_socketserver, programs.catches_a_refused_port],
    ids=lambda program: program.__name__,
)
def test_a_port_that_is_kept(program: Callable[..., None]) -> None:
    with serve(program) as server:
        server.expects_port_kept()
        client = server.connect()
        client.closes()
        exchange = server.exchange
        assert texts(exchange)[1] == "expects that a second copy of the program cannot take its port"
        assert len({call.process for call in exchange.by("student")}) == 1  # the second copy is not in the history
        assert not any(call.failed for call in exchange.by("student", "bind"))


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        (programs.reuses_port, "A second copy started, and listens at the same port."),
        (programs.takes_another_port, r"A second copy started, and listens at port \d+ instead."),
        (programs.waits_for_its_port, "A second copy was not refused the port, and does not listen: it waits."),
    ],
)
@linux
def test_a_port_that_is_not_kept(program: Callable[..., None], detail: str) -> None:
    with serve(program) as server:
        with fails(Outcome.DONE) as found:
            server.expects_port_kept()
        given = server.exchange.given
        assert given is not None
        # the second copy is gone whole; the first serves on
        assert sum(row.state == "LISTEN" for row in kernel.sockets("tcp", given[1])) == 1
        server.expects_running()
        client = server.connect()
        client.expects_eof()
    assert re.fullmatch(detail, found[0].detail)


@pytest.mark.parametrize(
    ("outcome", "ending", "words"),
    [
        (
            Outcome.CRASH,
            {"e": "crash", "error": "OSError", "message": "no"},
            "because its port was in use: it raised OSE",
        ),
        (Outcome.EXIT, {}, "A second copy ended, but not because"),
        (Outcome.TIMEOUT, {}, "A second copy neither listened nor ended within 20 seconds."),
    ],
)
def test_a_second_copy_that_is_not_refused_is_described(outcome: Outcome, ending: Any, words: str) -> None:
    assert words in expectations.second_copy(7007, None, outcome, ending)


def test_a_datagram_server_keeps_its_port_too() -> None:
    with serve(programs.echo_datagrams, transport="udp") as server:
        server.expects_port_kept()
        client = server.datagrams()
        client.sends(b"hello")
        client.expects_datagram(b"hello")


@pytest.mark.parametrize("program", [programs.echo_one_guest, programs.echo_one_guest_tidily])
def test_a_refusal_counts_once_the_program_is_at_rest(program: Callable[..., None]) -> None:
    with serve(program) as server:
        for _ in range(8):
            client = server.connect()
            client.sends(b"hello")
            client.expects(b"hello")
            server.refuses()
            client.closes()  # and is followed at once, perhaps before the program listens again
        exchange = server.exchange
    connects = list(exchange.by("reference", "connect"))
    assert len(connects) == 16  # an attempt that was made again is not in the history


def test_a_program_that_never_listens_again_is_told_so() -> None:
    with fails(Outcome.REFUSED) as found, serve(programs.echo_once) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        server.connect()
    assert found[0].detail.startswith("It was refused (ECONNREFUSED)")


def test_a_program_that_listens_on_is_no_refusal() -> None:
    with fails(Outcome.DONE), serve(programs.echo_loop) as server:
        server.refuses()


# -- clients: nobody there, nobody answers -----------------------------------------------------------------------------


@linux
def test_a_full_queue_neither_accepts_nor_refuses() -> None:
    with call(programs.connects_in_time, peer="tcp-full") as calling:
        calling.raises(TimeoutError)
        exchange = calling.exchange
    assert exchange.transport == "tcp"
    assert [call.error for call in exchange.by("student", "connect")] == ["TimeoutError"]
    assert [call.name for call in exchange.by("reference")] == ["socket", "bind", "listen"]  # not those that fill it


@linux
def test_a_full_queue_catches_a_client_without_a_limit_and_it_is_known_at_once() -> None:
    with fails(Outcome.SILENCE) as found, call(programs.connects_without_limit, peer="tcp-full") as calling:
        calling.raises(TimeoutError)
    assert found[0].ended - found[0].started < 8  # far from any deadline of ours


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
@linux
def test_an_absent_server_refuses(host: str) -> None:
    with call(programs.connects_without_limit, peer="tcp-absent", host=host) as calling:
        calling.raises(ConnectionRefusedError)
        assert calling.exchange.transport == "tcp"


@linux
def test_an_absent_datagram_server_refuses_a_connected_socket() -> None:
    with call(programs.asks_connected, peer="udp-absent") as calling:
        calling.raises(ConnectionRefusedError)
        assert calling.exchange.transport == "udp"


@pytest.mark.parametrize(("peer", "kind"), [("tcp-absent", socket.SOCK_STREAM), ("udp-absent", socket.SOCK_DGRAM)])
def test_an_absent_servers_port_is_nobody_elses(peer: Any, kind: int) -> None:
    with (
        call(programs.connects_without_limit, peer=peer) as calling,
        socket.socket(socket.AF_INET, kind) as other,
        pytest.raises(OSError, match="in use"),
    ):
        other.bind(calling.peer.address)


def test_a_connected_socket_that_is_answered() -> None:
    with call(programs.asks_connected, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies(b"answer")
        calling.returns(b"answer")


@linux
def test_several_servers_in_order() -> None:
    with call(programs.first_that_answers, peers=("tcp-full", "tcp-absent", "tcp")) as calling:
        assert calling.peer is calling.peers[0]
        assert len(calling.peers) == 3
        server = calling.peers[2].accepts()
        server.sends(b"hello")
        calling.returns(["TimeoutError", "ConnectionRefusedError", b"hello"])
        exchange = calling.exchange
    assert exchange.given == (calling.peer.address)
    assert exchange.ports == tuple(peer.address[1] for peer in calling.peers)
    assert {step.actor for step in exchange.steps} == {"server 3", "check"}


def test_several_servers_of_which_the_first_answers() -> None:
    with call(programs.first_that_answers, peers=("tcp", "tcp")) as calling:
        server = calling.peer.accepts()
        server.sends(b"hello")
        calling.returns([b"hello"])
        calling.peers[1].expects_no_connection()


def test_a_port_that_somebody_has_at_another_address_of_the_name_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, refused = absent.Reserved, [OSError(errno.EADDRINUSE, "in use")]

    def reserved(*given: Any) -> absent.Reserved:
        if refused:
            raise refused.pop()
        return honest(*given)

    monkeypatch.setattr(absent, "Reserved", reserved)
    with call(programs.fetch, peer="tcp", resolves=("127.0.0.2", "127.0.0.1")) as calling:
        calling.peer.accepts().closes()
        calling.returns(b"")
        exchange = calling.exchange
    assert [call.name for call in exchange.by("reference")][:4] == ["socket", "bind", "listen", "accept"]
    assert not refused


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"peer": "sctp"}, "there are: tcp, udp, tcp-full, tcp-absent, udp-absent"),
        ({"peer": "tcp", "peers": ("tcp",)}, "either"),
    ],
)
def test_what_peers_there_are_is_said(given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call(programs.fetch, **given)


# -- datagrams ---------------------------------------------------------------------------------------------------------


def test_a_question_that_was_lost_is_asked_again() -> None:
    with call(programs.asks_patiently, peer="udp") as calling:
        calling.peer.loses_datagram(b"question")
        calling.peer.expects_datagram(b"question")
        calling.peer.replies(b"answer")
        calling.returns(b"answer")
        first = texts(calling.exchange)[0]
    assert first == "expects a datagram of 8 bytes b'question' and loses it: it answers nothing"


@linux
def test_a_lost_question_catches_a_program_that_asks_once() -> None:
    with fails(Outcome.SILENCE), call(programs.asks_once, peer="udp") as calling:
        calling.peer.loses_datagram(b"question")
        calling.peer.expects_datagram(b"question")


def test_a_datagram_that_never_came_was_not_lost() -> None:
    with pytest.raises(CheckFailed) as caught, call(programs.asks_once, peer="udp") as calling:
        calling.peer.loses_datagram(b"another question")
    assert "the server expected a datagram of 16 bytes b'another question', and other" in str(caught.value).replace(
        "\n", " "
    )


def test_an_answer_from_elsewhere_is_passed_over() -> None:
    with call(programs.asks_patiently, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies_from_elsewhere(b"forged")
        calling.peer.replies(b"answer")
        calling.returns(b"answer")
        assert "replies with a datagram of 6 bytes b'forged' from another port" in texts(calling.exchange)


def test_an_answer_from_elsewhere_catches_a_program_that_takes_it() -> None:
    with fails(Outcome.VALUE), call(programs.asks_once, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies_from_elsewhere(b"forged")
        calling.peer.replies(b"answer")
        calling.returns(b"answer")


ANSWERS = [b"1 one", b"2 two", b"3 three"]


def answer_out_of_order(program: Callable[..., Any]) -> Exchange:
    with call(program, 3, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies_reordered(ANSWERS)
        calling.returns(ANSWERS)
        return calling.exchange


def test_answers_in_another_order_are_put_in_order() -> None:
    words = texts(answer_out_of_order(programs.gathers))[1]
    assert words.startswith("replies with 3 datagrams in another order: ")
    assert not words.endswith("1, 2, 3")


def test_answers_in_another_order_catch_a_program_that_takes_them_as_they_come() -> None:
    with fails(Outcome.VALUE):
        answer_out_of_order(programs.takes_as_they_come)


def answer_twice(program: Callable[..., Any]) -> Exchange:
    with call(program, 2, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies(b"1 one", times=2)
        calling.peer.replies(b"2 two")
        calling.returns(ANSWERS[:2])
        return calling.exchange


def test_a_duplicate_is_passed_over() -> None:
    assert texts(answer_twice(programs.gathers))[1] == "replies with a datagram of 5 bytes b'1 one', 2 times"


def test_a_duplicate_catches_a_program_that_takes_it_for_another() -> None:
    with fails(Outcome.VALUE):
        answer_twice(programs.takes_as_they_come)


def test_an_answer_of_which_the_end_is_missing() -> None:
    with call(programs.asks_once, peer="udp") as calling:
        calling.peer.expects_datagram(b"question")
        calling.peer.replies_cut(b"a long answer", 6)
        calling.returns(b"a long")
        assert texts(calling.exchange)[1] == "replies with the first 6 of 13 bytes b'a long'"
        for size in (13, 14, -1):
            with pytest.raises(ValueError, match="from 0 to 12"):
                calling.peer.replies_cut(b"a long answer", size)


def test_questions_twice_and_in_another_order_are_all_answered() -> None:
    with serve(programs.echo_datagrams, transport="udp") as server:
        client = server.datagrams()
        client.sends(b"hello", times=3)
        for _ in range(3):
            client.expects_datagram(b"hello")
        client.sends_reordered(ANSWERS)
        order = [call.data for call in server.exchange.by("reference", "sendto")][3:]
        assert sorted(order) == ANSWERS
        assert order != ANSWERS
        for data in order:
            client.expects_datagram(data)
        client.expects_silence()


def test_the_order_is_the_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder import datagram

    many = [b"%d" % number for number in range(6)]
    drawn = []
    for student in ("ann", "ben", "cem", "ann"):
        monkeypatch.setenv(seed.VARIABLE, student)
        drawn.append(datagram._another_order(many))
    assert drawn[0] == drawn[3]
    assert len({tuple(order) for order in drawn}) == 3
    assert all(sorted(order) == list(range(6)) != order for order in drawn)


@pytest.mark.parametrize("same", [[], [b"one"], [b"one", b"one"]])
def test_what_has_no_other_order_is_refused(same: list[bytes]) -> None:
    with serve(programs.echo_datagrams, transport="udp") as server:
        client = server.datagrams()
        with pytest.raises(ValueError, match="no other order"):
            client.sends_reordered(same)


def test_two_of_the_largest_datagrams_fit_in_both_directions() -> None:
    largest = bytes(range(256)) * 256
    with serve(programs.echo_datagrams, transport="udp") as server:
        client = server.datagrams()
        client.sends(largest[:LARGEST], times=2)
        for _ in range(2):
            client.expects_datagram(largest[:LARGEST])


def test_several_of_the_largest_datagrams_wait_in_the_references_buffer() -> None:
    def pours(host: str, port: int) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 400_000)
            for number in range(3):
                sock.sendto(bytes([number]) * 65_507, (host, port))

    with call(pours, peer="udp") as calling:
        calling.returns(None)
        for number in range(3):
            calling.peer.expects_datagram(bytes([number]) * LARGEST)


# -- in grading --------------------------------------------------------------------------------------------------------

BEHIND_WALLS = {
    "names": """
with call(fetch, peer="tcp", resolves=("::1", "127.0.0.1")) as calling:
    server = calling.peer.accepts()
    server.sends(b"hello")
    server.closes()
    calling.returns(b"hello")
""",
    "peers": """
with call(first_that_answers, peers=("tcp-full", "tcp-absent", "tcp")) as calling:
    calling.peers[2].accepts().sends(b"hello")
    calling.returns(["TimeoutError", "ConnectionRefusedError", b"hello"])
""",
    "absent": """
with call(asks_connected, peer="udp-absent") as calling:
    calling.raises(ConnectionRefusedError)
""",
    "waits": """
with call(connects_without_limit, peer="tcp-full") as calling:
    calling.raises(TimeoutError)
""",
    "port": """
with serve(echo_loop) as server:
    server.expects_port_kept()
    client = server.connect(receive_buffer=4096)
    client.floods(bytes(20_000_000))
    server.expects_memory_within(10_000_000)
""",
    "reused": """
with serve(reuses_port) as server:
    server.expects_port_kept()
""",
    "memory": """
with serve(keeps_all) as server:
    server.connect().sends(bytes(30_000_000))
    server.expects_memory_within(10_000_000)
""",
}


@linux
def test_all_of_it_works_behind_the_walls_of_grading(sandbox_needed: None) -> None:
    from autograder import execution
    from autograder.verdict import Cell, Task

    answer = Path(programs.__file__).read_text(encoding="utf-8")
    setup = "from autograder import call, serve"
    checks = [Cell("check", name, source, 1.0) for name, source in BEHIND_WALLS.items()]
    cells = (Cell("extra", "answer", answer), Cell("setup", "setup", setup), *checks)
    outputs = execution.execute(Task(cells, "ada")).outputs[2:]
    told = {
        check.name: next((one["evalue"] for one in shown if one["output_type"] == "error"), "")
        for check, shown in zip(checks, outputs, strict=True)
    }
    assert not any(told[name] for name in ("names", "peers", "absent", "port")), told
    assert "waits for something that will not come" in told["waits"]
    assert "A second copy started, and listens at the same port." in told["reused"]
    assert "It has grown by" in told["memory"]
