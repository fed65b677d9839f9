"""Mistakes: each is named when a program makes it, and nothing is named that the exchange does not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import histories
import mistaken
import programs
import pytest

from autograder import CheckFailed, call, expect, mistakes, serve
from autograder.exchange import Exchange, Outcome, ProgramState
from autograder.mistakes import Strength, layout

Program = Callable[..., Any]
Check = Callable[[Program], Any]


def failing(check: Check, program: Program) -> Exchange:
    """The exchange of a check that this program fails."""
    with pytest.raises(CheckFailed) as failure:
        check(program)
    return failure.value.exchange


def named(exchange: Exchange) -> list[int]:
    return [finding.mistake.number for finding in mistakes.recognise(exchange)]


# -- the checks -----------------------------------------------------------------------------------------------------


def echo(program: Program) -> None:
    """Two clients, one after the other; the first sends twice."""
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        client.sends(b"again")
        client.expects(b"again")
        client.half_closes()
        client.expects_eof()
        client = server.connect()
        client.sends(b"bye")
        client.expects(b"bye")


def flow(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        client.half_closes()
        server.expects_flow("socket bind listen (accept (recv|send)* close)*")


def pieces(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"0123456789", pieces=1)
        client.expects(b"0123456789")
        client.half_closes()
        client.expects_eof()


def over_ipv6(program: Program) -> None:
    with serve(program, host="::1") as server:
        server.connect()


def dual(program: Program) -> None:
    with serve(program, host="") as server:
        server.connect(to="127.0.0.1")
        server.connect(to="::1")


def tidy(program: Program) -> None:
    with serve(program) as server:
        for _ in range(5):
            client = server.connect()
            client.half_closes()
            client.expects_eof()
            client.closes()
        server.expects_sockets_closed()


def restart(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"x")
        client.expects(b"x")
        server.restarts()
        client = server.connect()
        client.sends(b"x")
        client.expects(b"x")


def everywhere(program: Program) -> None:
    with serve(program, host="") as server:
        server.connect()
        server.connect(to="127.0.0.2")


def one_address(program: Program) -> None:
    with serve(program) as server:
        server.refuses(to="127.0.0.2")


def three_in_turn(program: Program) -> None:
    with serve(program) as server:
        for _ in range(3):
            client = server.connect()
            client.sends(b"x")
            client.expects(b"x")
            client.closes()


def idle_first(program: Program) -> None:
    with serve(program) as server:
        server.connect()
        client = server.connect()
        client.sends(b"x")
        client.expects(b"x")


def reverse_order(program: Program) -> None:
    with serve(program) as server:
        clients = [server.connect() for _ in range(3)]
        for client in reversed(clients):
            client.sends(b"x")
            client.expects(b"x")


def while_first_talks(program: Program) -> None:
    with serve(program) as server:
        first = server.connect()
        first.sends(b"x")
        first.expects(b"x")
        second = server.connect()
        second.sends(b"y")
        second.expects(b"y")


def reset(program: Program) -> None:
    with serve(program) as server:
        server.connect().resets()
        client = server.connect()
        client.sends(b"x")
        client.expects(b"x")


def large(program: Program) -> None:
    data = bytes(range(256)) * 40_000
    with serve(program) as server:
        client = server.connect()
        client.sends(data, reads_late=True)
        client.half_closes()
        client.expects(data)


def slow_and_quick(program: Program) -> None:
    with serve(program) as server:
        slow, quick = server.connect(), server.connect()
        quick.sends(b"x")
        quick.expects(b"x")
        for _ in range(200):
            slow.sends(b"much")
        quick.sends(b"x")
        quick.expects(b"x")


def leaves_early(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"x")
        client.closes()
        server.connect()
        server.expects_running()


def daytime(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.expects_line(b"Tuesday, November 24, 2026 07:00:00-UTC")
        client.expects_eof()


def clock(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.expects(b"\x83\xaa\x7e\x80")
        client.expects_eof()


def two_bytes(program: Program) -> None:
    with serve(program) as server:
        server.connect().expects(b"\x11\x70")


def lines(*sizes: int) -> Check:
    """Lines sent in pieces of these sizes, and expected back."""

    def check(program: Program) -> None:
        with serve(program) as server:
            client = server.connect()
            client.sends(b"one\r\ntwo\r\n", pieces=sizes or None)
            client.expects(b"one\r\ntwo\r\n")

    return check


def exactly_1024(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"short")
        client.expects(b"short")
        client.sends(b"x" * 1024)
        client.expects(b"x" * 1024)


def two_half_lines(program: Program) -> None:
    with serve(program) as server:
        first, second = server.connect(), server.connect()
        first.sends(b"fir", pieces=[2])
        second.sends(b"second\n")
        second.expects(b"second\n")


def giant(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"\xff\xff\xff\xff")
        client.expects_eof()


def datagrams(program: Program) -> None:
    with serve(program, transport="udp") as server:
        first, second = server.datagrams(), server.datagrams()
        for client in (first, second):
            client.sends(b"ping")
            client.expects_datagram(b"ping")
        first.sends(b"a datagram of 32 bytes, no fewer.")
        first.expects_datagram(b"a datagram of 32 bytes, no fewer.")
        first.sends(b"")
        first.expects_datagram(b"")


def large_datagram(program: Program) -> None:
    with serve(program, transport="udp") as server:
        client = server.datagrams()
        client.sends(b"x" * 10_000)
        client.expects_datagram(b"x" * 10_000)


def answer_then_end(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"pingpong")
        client.expects(b"ping")
        client.expects_eof()


def half_closed(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"0123456789", pieces=[5, 5])
        client.half_closes()
        client.expects(b"0123456789")
        client.expects_eof()


def reads(reply: bytes, value: object, **how: Any) -> Check:
    """A server that sends this reply and closes; the client returns this value."""

    def check(program: Program) -> None:
        with call(program, peer="tcp") as calling:
            server = calling.peer.accepts()
            server.sends(reply, **how)
            server.closes()
            calling.returns(value)

    return check


def stays_open(program: Program) -> None:
    with call(program, peer="tcp") as calling:
        server = calling.peer.accepts()
        server.expects(b"what time is it?\r\n")
        server.sends(b"seven\r\n")
        calling.returns(b"seven\r\n")


def unanswered(program: Program) -> None:
    with call(program, peer="tcp") as calling:
        calling.peer.accepts()


def asked(program: Program) -> None:
    with call(program, peer="udp") as calling:
        calling.peer.expects_datagram(b"")


YEAR_2026 = b"\xee\x6b\x28\x00"
SECONDS = 1_791_011_200

MADE = [
    (1, mistaken.wrong_type, echo),
    (2, mistaken.text_sent, echo),
    (2, mistaken.text_joined, echo),
    (3, mistaken.port_as_text, echo),
    (4, mistaken.hard_coded_port, echo),
    (4, mistaken.port_zero, echo),
    (4, mistaken.hard_coded_client, unanswered),
    (5, mistaken.ipv4_only, over_ipv6),
    (5, mistaken.ipv4_wildcard, dual),
    (6, mistaken.leaks, tidy),
    (6, mistaken.forgets_close, echo),
    (6, mistaken.forgets_close, flow),
    (7, mistaken.time_native, reads(YEAR_2026, SECONDS)),
    (7, mistaken.clock_native, clock),
    (8, mistaken.unpacks_native, reads(b"\0\1\0\0\0\2", (1, 2))),
    (9, mistaken.clock_twice, clock),
    (10, mistaken.swapped_port, echo),
    (11, mistaken.port_in_16_bits, two_bytes),
    (12, mistaken.time_signed, reads(YEAR_2026, SECONDS)),
    (12, mistaken.clock_signed, clock),
    (13, mistaken.time_from_1900, reads(YEAR_2026, SECONDS)),
    (13, mistaken.clock_from_1970, clock),
    (15, mistaken.no_reuse, restart),
    (16, mistaken.option_after_bind, restart),
    (18, mistaken.loopback_only, everywhere),
    (19, mistaken.ipv4_wildcard, one_address),
    (20, mistaken.no_bind, echo),
    (22, mistaken.no_listen, echo),
    (23, mistaken.backlog_of_two, three_in_turn),
    (25, mistaken.accepts_once, echo),
    (25, mistaken.accepts_once_and_waits, echo),
    (25, mistaken.accepts_once, flow),
    (26, mistaken.accepts_between_reads, echo),
    (27, mistaken.talks_on_listener, echo),
    (27, mistaken.sends_on_listener, echo),
    (28, mistaken.one_at_a_time, reverse_order),
    (28, mistaken.one_at_a_time, while_first_talks),
    (29, mistaken.one_at_a_time, idle_first),
    (30, mistaken.closes_listener, echo),
    (30, mistaken.closes_listener, flow),
    (30, mistaken.closes_listener_in_loop, echo),
    (31, mistaken.one_at_a_time, reset),
    (36, mistaken.refused_datagram, asked),
    (37, mistaken.sends_elsewhere, asked),
    (38, mistaken.rest_forgotten, large),
    (39, mistaken.slow_reader, slow_and_quick),
    (40, mistaken.gone_peer, leaves_early),
    (41, mistaken.datagram_too_large, large_datagram),
    (42, mistaken.bare_newline, daytime),
    (43, mistaken.not_flushed, lines()),
    (44, mistaken.one_recv_client, reads(b"Tuesday\r\n", b"Tuesday\r\n", pieces=[3, 3])),
    (44, mistaken.four_bytes_client, reads(YEAR_2026, SECONDS, pieces=1)),
    (44, mistaken.one_recv_server, pieces),
    (45, mistaken.one_recv_server, echo),
    (45, mistaken.one_line_of_each_read, lines()),
    (46, mistaken.tail_lost, lines(7)),
    (47, mistaken.split_delimiter, lines(4)),
    (48, mistaken.end_ignored, echo),
    (49, mistaken.short_read_is_end, exactly_1024),
    (50, mistaken.reads_to_end, echo),
    (50, mistaken.reads_to_end_client, stays_open),
    (51, mistaken.decodes_pieces, reads("é汉".encode(), "é汉", pieces=1)),
    (51, mistaken.decodes_pieces_loosely, reads("é汉".encode(), "é汉", pieces=1)),
    (52, mistaken.one_buffer, two_half_lines),
    (54, mistaken.trusts_length, giant),
    (55, mistaken.datagram_cut, datagrams),
    (56, mistaken.empty_is_end, datagrams),
    (56, mistaken.empty_is_nothing, datagrams),
    (57, mistaken.fixed_peer, datagrams),
    (57, mistaken.connected_to_first, datagrams),
    (58, mistaken.closes_unread, answer_then_end),
    (59, mistaken.file_holds, echo),
    (59, mistaken.dup_holds, echo),
    (59, mistaken.fork_holds, echo),
    (60, mistaken.tail_not_sent, half_closed),
]


@pytest.mark.parametrize(
    ("number", "program", "check"), MADE, ids=[f"{number}-{program.__name__}" for number, program, _ in MADE]
)
def test_names_the_mistake_that_a_program_makes(number, program, check):
    exchange = failing(check, program)
    found = named(exchange)
    assert found[:1] == [number], (found, exchange.failed_step, exchange.program)
