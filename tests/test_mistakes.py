"""Mistakes: each is named when a program makes it, and nothing is named that the exchange does not show."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable
from typing import Any

import histories
import mistaken
import programs
import pytest
from conftest import ROOT

from autograder import CheckFailed, call, expect, mistakes, serve
from autograder.course import Course
from autograder.exchange import Exchange, Outcome, ProgramState
from autograder.mistakes import Strength, layout
from autograder.mistakes.catalogue import MEANWHILE, WRITTEN
from autograder.mistakes.reading import Reading

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


def alone(program: Program) -> None:
    with serve(program) as server:
        server.expects_port_kept()


def one_guest(program: Program) -> None:
    with serve(program) as server:
        guest = server.connect()
        guest.sends(b"x")
        guest.expects(b"x")
        server.refuses()


def memory(data: bytes = b"x") -> Check:
    """A client that sends these bytes over and over, and a server that may keep a few of them."""

    def check(program: Program) -> None:
        with serve(program) as server:
            server.connect().floods(data * (16_000_000 // len(data)))
            server.expects_memory_within(4_000_000)

    return check


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


def large_and_open(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(bytes(10_000_000))
        client.expects(bytes(10_000_000))


def slow_and_quick(program: Program) -> None:
    with serve(program) as server:
        slow, quick = server.connect(), server.connect()
        quick.sends(b"x")
        quick.expects(b"x")
        slow.sends(b"much!", pieces=[4, 1])
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


def line_end_split(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"one\r\n", pieces=[4, 1])
        client.expects(b"one\r\n")


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


def nobody_there(program: Program) -> None:
    with call(program, peer="udp-absent") as calling:
        calling.returns(False)


def ends_early(program: Program) -> None:
    """The server sends three of four bytes and closes, which the client is to notice."""
    with call(program, peer="tcp") as calling:
        server = calling.peer.accepts()
        server.sends(b"\xee\x6b\x28")
        server.closes()
        calling.raises(EOFError)


def conversation(program: Program) -> None:
    """The first answer is right, and the connection should stay open."""
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        client.expects_silence()


def binary(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"\xff\x00\xfe")
        client.expects(b"\xff\x00\xfe")


def binary_datagrams(program: Program) -> None:
    with serve(program, transport="udp") as server:
        client = server.datagrams()
        client.sends(b"\xff\x00\xfe")
        client.expects_datagram(b"\xff\x00\xfe")


def echoed(program: Program) -> None:
    with call(program, b"hello", peer="tcp") as calling:
        calling.peer.accepts().echoes()
        calling.returns(b"hello")


def client_flow(program: Program) -> None:
    with call(program, b"hello", peer="tcp") as calling:
        server = calling.peer.accepts()
        server.expects(b"hello")
        server.sends(b"hello")
        calling.expects_flow("socket connect (send|recv)* shutdown (send|recv)* close")


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
    (17, mistaken.reuse_port, alone),
    (18, mistaken.loopback_only, everywhere),
    (19, mistaken.ipv4_wildcard, one_address),
    (20, mistaken.no_bind, echo),
    (21, mistaken.privileged_port, echo),
    (22, mistaken.no_listen, echo),
    (23, mistaken.backlog_of_two, three_in_turn),
    (24, mistaken.no_room, one_guest),
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
    (35, mistaken.trusts_connect, nobody_there),
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
    (45, mistaken.one_recv_server, large_and_open),
    (64, mistaken.one_recv_server, echo),
    (64, mistaken.one_recv_server, conversation),
    (45, mistaken.one_line_of_each_read, lines()),
    (46, mistaken.tail_lost, lines(7)),
    (47, mistaken.split_delimiter, line_end_split),
    (48, mistaken.end_ignored, echo),
    (49, mistaken.short_read_is_end, exactly_1024),
    (50, mistaken.reads_to_end, echo),
    (50, mistaken.reads_to_end_client, stays_open),
    (51, mistaken.decodes_pieces, reads("é汉".encode(), "é汉", pieces=1)),
    (51, mistaken.decodes_pieces_loosely, reads("é汉".encode(), "é汉", pieces=1)),
    (52, mistaken.one_buffer, two_half_lines),
    (53, mistaken.keeps_all, memory()),
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
    (61, mistaken.end_unnoticed, ends_early),
    (61, mistaken.end_unnoticed_in_a_loop, ends_early),
    (62, mistaken.client_binds, unanswered),
    (62, mistaken.client_binds_datagrams, asked),
    (63, mistaken.no_half_close, echoed),
    (63, mistaken.no_half_close, client_flow),
    (65, mistaken.used_after_close, echo),
    (66, mistaken.connects_in_two, unanswered),
    (66, mistaken.binds_in_two, echo),
    (66, mistaken.sends_to_two, asked),
    (67, mistaken.decodes_all, binary),
    (67, mistaken.decodes_datagrams, binary_datagrams),
    (67, mistaken.reads_all_as_text, reads(b"\xff\xfe\x00", "?")),
    (68, mistaken.reads_all, reads(b"Tuesday", "Tuesday")),
    (68, mistaken.reads_all, reads(b"Tuesday\r\n", "Tuesday")),
    (68, mistaken.reads_all_as_text, reads(b"Tuesday", b"Tuesday")),
    (68, mistaken.reads_all_by_str, reads(b"Tuesday\r\n", "Tuesday")),
    (69, mistaken.reads_all_as_text, reads(b"Tuesday\r\n", "Tuesday")),
    (70, mistaken.no_destination, asked),
    (70, mistaken.answers_nobody, datagrams),
]


@pytest.mark.parametrize(
    ("number", "program", "check"), MADE, ids=[f"{number}-{program.__name__}" for number, program, _ in MADE]
)
def test_names_the_mistake_that_a_program_makes(number, program, check):
    exchange = failing(check, program)
    found = named(exchange)
    assert found[:1] == [number], (found, exchange.failed_step, exchange.program)


# -- plain functions ------------------------------------------------------------------------------------------------


def pack_twice(number: int) -> bytes:
    return struct.pack("!I", socket.htonl(number))


def test_names_swapping_twice_by_the_functions_text():
    assert named(failing(lambda _: expect.returns(b"\1\2\3\4", pack_twice, 0x01020304), pack_twice)) == [9]
    assert named(value(b"\4\3\2\1", b"\1\2\3\4", "pack_twice(16909060)[:4]")) == [9]


def pads_by_hand(number: int) -> bytes:
    return struct.pack("!HxxI", number, 5)


def test_a_format_with_a_byte_order_is_never_called_native_alignment():
    assert named(failing(lambda _: expect.returns(b"\1\2\0\0\0\5", pads_by_hand, 258), pads_by_hand)) == []
    assert layout.formats('struct.unpack("HI", data)') == ["HI"]
    assert layout.formats('fields = struct.unpack("no format", data)') == []
    assert [layout.aligned(one) for one in ("HI", "@HI", "!HI", "<H", ">H", "=H")] == [True] * 2 + [False] * 4


def value(actual: object, expected: object, what: str = "f(1)") -> Exchange:
    return failing(lambda _: expect.equal(actual, expected, what), lambda: None)


@pytest.mark.parametrize(
    ("numbers", "exchange"),
    [
        ([7, 9], value(b"\4\3\2\1", b"\1\2\3\4", "pack_header(16909060, 8080)[:4]")),
        ([7, 9], value(b"\4\3\2\1\x90\x1f\2", b"\1\2\3\4\x1f\x90\2", "pack_header(16909060, 8080, 2)")),
        ([7, 9], value(0x0102, 0x0201, 'htons(258, "little")')),
        ([7, 9], value((0x04030201, 80), (0x01020304, 80), "unpack_header(b'...')")),
        ([7, 9], value(0x0100_0000, 1, "the difference of the two answers")),
        ([8], value(b"\2\0\1\1ab", b"\2\1\1ab", 'pack_header(1, 2, 0x0101, "ab")[6:]')),
        ([8], value(b"\1\2\0\0\0\0\0\5", b"\1\2\0\0\0\5", "pack(258, 5)")),
        ([8], value(b"\2\1\0\0\5\0\0\0", b"\1\2\0\0\0\5", "pack(258, 5)")),
        ([12], value(-1, 0xFFFF_FFFF)),
        ([12], value(257 - 2**32, 257, "the difference of the answers")),
        ([12], value((-2, "é"), (0xFFFE, "é"))),
        ([13], value(4_000_000_000, SECONDS)),
        ([13], value(SECONDS - 2_208_988_800, SECONDS)),
        ([14], value(b"\2", b"\5", "the length in pack_header(1, 2, 0, 'é汉')")),
        ([14], value(b"\0\1\2" + "é汉".encode(), b"\0\1\5" + "é汉".encode())),
        ([14], value(b"\0\2" + "é汉".encode(), b"\0\5" + "é汉".encode())),
        ([14], value("é汉\0\0\0", "é汉", "the name")),
        ([68], value((1, b"ab"), (1, "ab"))),
        ([68], value("ab", b"ab")),
        ([69], value(("ab\r\n", 1), ("ab", 1))),
    ],
)
def test_names_what_a_wrong_value_shows(numbers, exchange):
    assert named(exchange) == numbers


@pytest.mark.parametrize(
    "exchange",
    [
        value(b"olleh", b"hello"),
        value(b"hello\0", b"hello"),
        value(b"\0hello", b"hello"),
        value(b"h\0e\0l\0l\0o\0", b"hello"),
        value(b"\1\2\3\4\0\0\x1f\x90\1\0\0", b"\1\2\3\4\x1f\x90\1\0\0"),  # a field of the wrong width
        value(b"\1\2\3", b"\1\2\3\4"),
        value(b"\1\2\3\5", b"\1\2\3\4"),
        value(b"", b"\1\2\3\4"),
        value(b"\3" + "é汉".encode(), b"\5" + "é汉".encode()),
        value(b"\4hello", b"\5hello"),
        value(3, 4),
        value(-4, 4),
        value(None, 4),
        value("4", 4),
        value("hello!", "hello"),
        value("é!", "é!!"),
        value((1, 2), (1, 2, 3)),
        value([513, "a"], [258, "b"]),
        value(SECONDS + 1, SECONDS),
        value("ab", b"cd"),
        value(b"ab", ("ab",)),
        value("ab\n\n", "ab"),
        value("ab\n", "abc"),
    ],
)
def test_names_nothing_for_a_wrong_value_that_no_mistake_explains(exchange):
    assert named(exchange) == []


def raised(error: Exception) -> Exchange:
    def function(number: int) -> bytes:
        raise error

    return failing(lambda _: expect.raises(KeyError, function, 1), function)


def test_names_a_number_that_does_not_fit():
    unnoticed = failing(lambda _: expect.raises(OverflowError, lambda number: number & 0xFFFF, 70_000), lambda: None)
    assert named(unnoticed) == [11]
    assert named(raised(OverflowError("htons: Python int too large to convert to C 16-bit unsigned integer"))) == [11]
    assert named(raised(OverflowError("bind(): port must be 0-65535."))) == [11]
    assert named(raised(OverflowError("cannot convert float infinity to integer"))) == []
    unexpected = failing(lambda _: expect.raises(KeyError, lambda number: number & 0xFFFF, 70_000), lambda: None)
    assert named(unexpected) == []


# -- histories made by hand, where a real one would need another system or a long wait ------------------------------


def story(transport: str = "tcp") -> histories.Story:
    return histories.Story(transport)


def crashed(exception: str) -> ProgramState:
    return ProgramState(running=False, exit_status=1, exception=exception)


def failed_bind(
    error: str, address: tuple[str, int], *options: str, transport: str = "tcp", starts: int = 2
) -> Exchange:
    told = story(transport)
    for _ in range(starts - 1):
        told.step("listens", "program")
    told.student("socket")
    for option in options:
        told.student("setsockopt", arguments=("SOL_SOCKET", option, 1))
    told.student("bind", arguments=(str(address),), error=error, message="no")
    told.step("listens", "program", Outcome.CRASH, passed=False)
    return told.exchange(bound=None, program=crashed("OSError: [Errno 98] no"))


def test_names_a_failed_bind_by_its_error_and_options():
    assert named(failed_bind("EADDRINUSE", histories.SERVER)) == [15]
    assert named(failed_bind("EADDRINUSE", histories.SERVER, "SO_REUSEPORT")) == [17]
    assert named(failed_bind("EADDRINUSE", histories.SERVER, "SO_REUSEADDR")) == []
    assert named(failed_bind("EADDRINUSE", histories.SERVER, starts=1)) == []
    assert named(failed_bind("EADDRINUSE", histories.SERVER, transport="udp")) == []
    assert named(failed_bind("EACCES", ("", 13))) == [21, 4]
    assert named(failed_bind("EACCES", histories.SERVER)) == []


def connecting(*calls: dict[str, Any], program: ProgramState, outcome: Outcome) -> Exchange:
    told = story()
    told.student("socket", family=calls[0].get("family", "AF_INET"))
    for words in calls:
        told.student("connect", **({"arguments": (str(histories.SERVER),), "remote": histories.SERVER} | words))
    told.step("accepts the program's connection", "server", outcome, passed=False)
    return told.exchange(role="client", bound=None, program=program)


def test_names_what_goes_wrong_in_connect():
    refused, ended = {"error": "ECONNREFUSED", "message": "no"}, crashed("ConnectionRefusedError: no")
    six = {"arguments": (str(("::1", histories.SERVER[1])),), "family": "AF_INET6"}
    waits = ProgramState(blocked_in="connect")
    assert named(connecting(refused, refused, program=ended, outcome=Outcome.CRASH)) == [32]
    assert named(connecting(refused, program=ended, outcome=Outcome.CRASH)) == []
    assert named(connecting({"blocked": True}, program=waits, outcome=Outcome.SILENCE)) == [33]
    assert named(connecting(six | refused, program=ended, outcome=Outcome.CRASH)) == [34]


def test_names_a_descriptor_table_that_is_full():
    told = story()
    told.listens()
    for number in range(3):
        address = ("127.0.0.1", 51000 + number)
        told.connects(number + 1, address)
        told.accepts(number + 2, address)
        told.moves("reference", "close", socket=number + 1, address=address)
    told.connects(4, ("127.0.0.1", 51009))
    told.student("accept", error="EMFILE", message="Too many open files")
    told.step("expects 1 byte", "client 4", Outcome.CRASH, passed=False, expected=b"x", received=b"")
    assert named(told.exchange(program=crashed("OSError: [Errno 24] Too many open files"))) == [6]


@pytest.mark.parametrize(
    ("numbers", "exchange"),
    [
        ([], histories.echo()),
        ([28, 25], histories.second_client_waits()),
        ([31], histories.crash()),
        ([48], histories.spinning()),
        ([7, 9], histories.wrong_bytes()),
        ([], histories.wrong_bytes(b"Tuesday is a day", b"Tuesday is no day")),
        ([56], histories.datagrams()),
        ([], histories.three_clients()),
        ([], histories.six_megabytes()),
        ([], histories.six_megabytes(4_500_000)),
        ([44], histories.daytime_client()),
    ],
)
def test_names_what_hand_made_histories_show(numbers, exchange):
    assert named(exchange) == numbers


# -- honest silence -------------------------------------------------------------------------------------------------


def stopped(outcome: Outcome) -> Exchange:
    """A server that reads a request and then sleeps, or computes, without end."""
    told = story()
    told.listens()
    told.connects()
    told.accepts()
    told.moves("reference", "sendall", b"hello")
    told.moves("student", "recv", b"hello")
    told.step("expects 5 bytes", outcome=outcome, passed=False, expected=b"hello", received=b"")
    return told.exchange(program=ProgramState(cpu=3.0))


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SPINNING, Outcome.SILENCE])
def test_names_nothing_for_a_server_that_does_something_else_for_ever(outcome):
    assert named(stopped(outcome)) == []


def three_messages(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        for word in (b"hello", b"ping", b"0123456789", b"\x01\x02\x03\x04\x05"):
            client.sends(word)
            client.expects(word)
        client.half_closes()
        client.expects_eof()


def quote(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.expects_line(b"Monday is not a day.")
        client.expects_eof()


UNKNOWN = [
    (mistaken.uppercases, three_messages),
    (mistaken.drops_every_third, three_messages),
    (mistaken.drops_every_third, half_closed),
    (mistaken.replies_twice, three_messages),
    (mistaken.replies_twice, half_closed),
    (mistaken.greets_first, three_messages),
    (mistaken.closes_after_three, three_messages),
    (mistaken.reverses_text, three_messages),
    (mistaken.raises_value_error, three_messages),
    (mistaken.exits_after_accept, three_messages),
    (mistaken.drops_last_byte, three_messages),
    (mistaken.drops_last_byte, half_closed),
    (mistaken.adds_zero, three_messages),
    (mistaken.misspelt_name, three_messages),
    (mistaken.never_answers, three_messages),
    (mistaken.wrong_quote, quote),
    (mistaken.binds_for_each_client, while_first_talks),
    (mistaken.upper_datagrams, datagrams),
    (mistaken.returns_none, reads(b"hello", b"hello")),
    (mistaken.returns_none, reads(b"hello", b"hello", pieces=1)),
    (mistaken.returns_too_much, reads(b"hello", b"hello", pieces=1)),
    (mistaken.connects_twice, reads(b"hello", b"hello")),
    (mistaken.end_noticed_otherwise, ends_early),
    (mistaken.wrong_format, reads(b"\0\1\0\0\0\2", (1, 2))),
    (mistaken.sends_half, echoed),
    (mistaken.one_at_a_time, one_guest),
    (mistaken.keeps_lines, memory(b"a line\n")),
    (mistaken.always_there, nobody_there),
    (programs.never_listens, echo),
    (programs.ends_at_once, echo),
    (programs.crashes_at_once, echo),
]


@pytest.mark.parametrize(
    ("program", "check"), UNKNOWN, ids=[f"{program.__name__}-{check.__name__}" for program, check in UNKNOWN]
)
def test_names_nothing_where_no_known_mistake_explains_the_failure(program, check):
    exchange = failing(check, program)
    assert named(exchange) == [], (exchange.failed_step, exchange.program)


def wants_more(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello, world")


def wants_more_at_the_end(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello world", pieces=[6, 5])
        client.half_closes()
        client.expects(b"hello world.")


def wants_capitals(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"HELLO")


def wants_silence(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects_silence()


def wants_reset(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.half_closes()
        client.expects_reset()


def wants_early_end(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.sends(b"hello")
        client.expects(b"hello")
        client.expects_eof()


def wants_another_flow(program: Program) -> None:
    with serve(program) as server:
        client = server.connect()
        client.half_closes()
        client.expects_eof()
        server.expects_flow("socket bind connect close")


@pytest.mark.parametrize("program", programs.ECHOES)
@pytest.mark.parametrize(
    "check",
    [
        wants_more,
        wants_more_at_the_end,
        wants_capitals,
        wants_silence,
        wants_reset,
        wants_early_end,
        wants_another_flow,
    ],
)
def test_names_nothing_when_a_right_program_meets_a_wrong_check(check, program):
    exchange = failing(check, program)
    assert named(exchange) == [], (exchange.failed_step, exchange.program)


def test_names_nothing_where_every_step_passed():
    with serve(mistaken.no_reuse) as server:
        server.connect()
    assert named(server.exchange) == []


# -- the mechanism --------------------------------------------------------------------------------------------------


def test_every_detector_has_its_mistake_and_every_mistake_a_detector():
    assert {detector.number for detector in mistakes.DETECTORS} == set(mistakes.mistakes())


def test_every_mistake_has_a_positive_here():
    by_hand = {14, 32, 33, 34}
    assert {number for number, _, _ in MADE} | by_hand == set(mistakes.mistakes())


def test_a_lecture_to_reread_exists_with_its_section_or_says_that_it_does_not():
    lectures = Course(ROOT).lecture_notebooks()
    headings = {path.name[:2]: path.read_text(encoding="utf-8") for path in lectures}
    assert set(WRITTEN) == set(headings)
    for mistake in mistakes.mistakes().values():
        number, _, section = mistake.lecture.removeprefix("Lecture ").partition(", section “")
        if number[:2] not in headings:
            assert mistake.lecture.endswith(f"(not written yet; until then lecture {MEANWHILE})")
        elif section:
            assert f'"## {section.rstrip("”")}' in headings[number[:2]], mistake.lecture


def test_an_unknown_number_is_answered_with_the_known_ones():
    with pytest.raises(LookupError, match=r"no mistake 99; it has: 1, 2, 3"):
        mistakes.mistake(99)


def test_texts_are_short_sentences_of_text():
    for mistake in mistakes.mistakes().values():
        for words in (mistake.what, *mistake.hints):
            assert len(words) <= 220, words
            assert words.endswith((".", "?")), words
        assert mistake.lecture.startswith("Lecture ")
        assert len(mistake.hints) == 3


def test_stronger_evidence_comes_first_then_the_earlier_call():
    exchange = histories.wrong_bytes()

    def detector(number: int, strength: Strength, seen: str | None = "it was") -> mistakes.Detector:
        return mistakes.Detector(number, strength, lambda reading: seen)

    fits, shown, earlier = detector(2, Strength.FITS), detector(9, Strength.SHOWN), detector(5, Strength.SHOWN)
    absent = detector(3, Strength.PROVED, None)

    def order(*detectors: mistakes.Detector) -> list[int]:
        return [finding.mistake.number for finding in mistakes.ranked(detectors, exchange)]

    assert order(fits, shown, earlier, absent) == [5, 9, 2]
    assert order(fits, shown, detector(48, Strength.PROVED)) == [48, 9]
    assert order(shown, detector(9, Strength.PROVED)) == [9]


def test_the_same_exchange_always_gives_the_same_findings_in_the_same_words():
    first, second = (failing(echo, mistaken.accepts_once) for _ in range(2))
    assert mistakes.recognise(first) == mistakes.recognise(second)
    assert mistakes.recognise(first) == mistakes.recognise(first)


def test_the_steps_of_checks_are_understood():
    """What a failed step was about is read off its words, which other modules write."""

    def reading(check: Check, program: Program) -> Reading:
        return Reading(failing(check, program))

    def echoed(program: Program) -> None:
        with call(program, peer="tcp") as calling:
            calling.peer.accepts().echoes()

    def receives(program: Program) -> None:
        with serve(program) as server:
            server.connect().receives()

    assert reading(echo, mistaken.forgets_close).wanted_end
    assert reading(receives, mistaken.one_at_a_time).wanted_end
    assert reading(echoed, mistaken.reads_to_end_client).wanted_end
    assert reading(wants_silence, mistaken.one_at_a_time).wanted_silence
    assert reading(flow, mistaken.forgets_close).wanted_flow
    assert reading(tidy, mistaken.leaks).counts_sockets
    assert reading(alone, mistaken.reuse_port).wanted_port_kept
    assert reading(memory(), mistaken.keeps_all).wanted_memory


def test_a_client_that_reads_on_where_the_server_stays_open_is_not_told_to_half_close():
    assert 63 not in named(failing(stays_open, mistaken.reads_to_end_client))


def test_the_lines_of_the_close_and_of_the_call_after_it_are_named():
    first, *_ = mistakes.recognise(failing(echo, mistaken.used_after_close))
    assert re.match(
        r"Line \d+ closed this socket, then line \d+ called recv on it, which failed with EBADF", first.evidence
    )


def test_an_early_end_is_told_with_its_numbers():
    first, *others = mistakes.recognise(failing(ends_early, mistaken.end_unnoticed))
    assert not others
    assert first.evidence == "The server sent 3 bytes and closed; read returned what there was, and struct wanted 4."


def test_sending_more_than_a_program_reads_decides_nothing_and_the_next_step_names_the_mistake():
    """How much could still be sent when the connection ended is a matter of moments; that it ended is not."""

    exchange = failing(large_and_open, mistaken.one_recv_server)
    *_, sending, expecting = exchange.steps
    assert (sending.passed, sending.text[:6]) == (True, "sends ")
    assert (expecting.passed, expecting.text[:8]) == (False, "expects ")
    assert named(exchange)[0] == 45


def test_fields_are_told_from_other_bytes():
    assert layout.reversed_fields(b"\1\2\3\4\5\6", b"\4\3\2\1\6\5")
    assert not layout.reversed_fields(b"\1\2\3", b"\3\2\1")
    assert layout.number_swapped(1, 256)
    assert not layout.number_swapped(1, 2)
    assert layout.frame_length(b"\0\0\0\2" + "é".encode() + b"", b"\0\0\0\1" + "é".encode()) == (2, 1)
