"""Expectations: the call flow in canonical order, and the wording of what came instead."""

from __future__ import annotations

import histories
import programs
import pytest

from autograder import expectations, serve
from autograder.exchange import Call, Exchange, Outcome

FLOW = "socket bind listen (accept (recv|send)* close)*"


@pytest.mark.parametrize(
    "names",
    [
        "socket bind listen",
        "socket bind listen accept recv send recv close",
        "socket setsockopt bind listen accept close accept send close",
    ],
)
def test_flows_that_fit(names: str) -> None:
    assert expectations.matches(FLOW, names.split())


@pytest.mark.parametrize(
    "names",
    [
        "",
        "socket listen",
        "socket bind listen accept recv send",
        "socket bind accept listen",
        "bind socket listen",
        "socket bind listen accept recv close close",
    ],
)
def test_flows_that_do_not_fit(names: str) -> None:
    assert not expectations.matches(FLOW, names.split())


def call(name: str, number: int, started: float, **rest: object) -> Call:
    return Call("student", name, 1, number, number, started, started, **rest)  # type: ignore[arg-type]


def test_clients_served_at_the_same_time_have_the_same_flow() -> None:
    together = [
        call("socket", 1, 0),
        call("bind", 1, 1),
        call("listen", 1, 2),
        call("accept", 1, 3, made=2),
        call("accept", 1, 4, made=3),
        call("accept", 1, 5, error="EAGAIN"),
        call("recv_into", 3, 6),
        call("recv", 2, 7),
        call("sendall", 3, 8),
        call("close", 3, 9),
        call("close", 2, 10),
    ]
    exchange = Exchange("f", "server", "tcp", tuple(together))
    assert " ".join(expectations.flow(exchange)) == "socket bind listen accept recv close accept recv send close"


def test_a_real_selector_loop_has_the_standard_flow() -> None:
    with serve(programs.echo_selectors) as server:
        clients = [server.connect() for _ in range(3)]
        for client in reversed(clients):
            client.sends(b"hello")
            client.expects(b"hello")
            client.half_closes()
            client.expects_eof()
        server.expects_flow(FLOW)


@pytest.mark.parametrize(
    ("received", "outcome", "words"),
    [
        (b"", Outcome.SILENCE, "Nothing came: the program waits and will send nothing more by itself."),
        (b"he", Outcome.EOF, "Only 2 of 5 bytes came, then the program closed its side (end of file)."),
        (b"heLlo", Outcome.DATA, "The bytes differ from byte 2 on (counted from 0)."),
        (b"x", Outcome.SILENCE, "The bytes differ from byte 0 on (counted from 0), and only 1 of 5 came."),
    ],
)
def test_what_came_instead(received: bytes, outcome: Outcome, words: str) -> None:
    assert expectations.difference(b"hello", received, outcome) == words


def test_an_empty_datagram_is_a_datagram() -> None:
    assert expectations.datagram(b"") == "an empty datagram"
    assert expectations.datagram(b"ping") == "a datagram of 4 bytes b'ping'"
    assert expectations.not_silent(b"", Outcome.DATA) == "An empty datagram came."
    assert expectations.show(b"") == "0 bytes b''"


def test_every_outcome_has_words_of_its_own() -> None:
    assert len(set(expectations.MEANT.values())) == len(expectations.MEANT)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.CRASH, "The program bound a TCP socket there, and no UDP socket, and crashed."),
        (Outcome.SILENCE, "The program bound a TCP socket there, and no UDP socket."),
    ],
)
def test_a_tcp_socket_where_a_udp_one_is_asked_is_told_so(outcome: Outcome, told: str) -> None:
    story = histories.Story()
    story.student("socket")
    story.student("bind", arguments=(str(histories.SERVER),))
    assert expectations.never_ready("udp", outcome, story.calls) == told
    assert "TCP socket" not in expectations.never_ready("udp", outcome)
    assert "TCP socket" not in expectations.never_ready("tcp", outcome, story.calls)
