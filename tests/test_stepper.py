"""The stepper moves two real processes, shows what the kernel has, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import psutil
import pytest
from conftest import ROOT

from autograder import kernel, ladder
from autograder.widgets import flow, stepper
from autograder.widgets.puppet import KINDS
from autograder.widgets.stepper import Refused, Stepper

TCP = (
    *("server socket", "server bind", "server listen", "client socket", "client connect", "server accept"),
    *("client send", "server recv", "server send", "client recv", "client close", "server recv", "server close"),
    "server close",
)
UDP = (
    *("server socket", "server bind", "client socket", "client sendto", "server recvfrom", "server sendto"),
    *("client recvfrom", "client close", "server close"),
)
LISTENING = TCP[:3]
CONNECTED = TCP[:6]

tables = pytest.mark.skipif(not kernel.READABLE, reason="needs the kernel's tables (/proc/net/tcp)")


@pytest.fixture
def tcp():
    with Stepper("tcp") as pair:
        yield pair


@pytest.fixture
def udp():
    with Stepper("udp") as pair:
        yield pair


def last(pair: Stepper, side: str):
    return list(pair.exchange().by("student" if side == "server" else "reference"))[-1]


def state(pair: Stepper, party: str, variable: str) -> str:
    return {one.variable: one.state for one in pair.state().of(party).sockets}[variable]


# -- the standard flow


def test_the_standard_flow_over_tcp():
    exchange = stepper.run(TCP)
    assert [f"{'server' if c.side == 'student' else 'client'} {c.name}" for c in exchange.calls] == list(TCP)
    assert not any(call.failed or call.blocked for call in exchange.calls)
    assert [call.data for call in exchange.calls if call.name == "recv"] == [b"ping1", b"pong1", b""]


def test_the_standard_flow_over_udp():
    exchange = stepper.run(UDP, "udp")
    assert [call.error for call in exchange.calls] == [""] * len(UDP)
    assert [call.data for call in exchange.calls if call.name == "recvfrom"] == [b"ping1", b"pong1"]


def test_every_flow_begins_and_ends_with_what_python_does(tcp, udp):
    for pair in (tcp, udp):
        for party in flow.PARTIES:
            offers = pair.state().of(party).offers
            assert [offer.name for offer in offers if offer.by_python] == ["WSAStartup", "WSACleanup"]
            before = pair.exchange()
            assert "Python makes this call" in pair.press(party, "WSAStartup").said
            assert pair.exchange() == before


# -- waiting for real


def test_accept_waits_until_the_client_connects(tcp):
    tcp.make((*LISTENING, "server accept"))
    assert tcp.state().server.waits == "accept"
    assert last(tcp, "server").blocked
    view = tcp.press("client", "socket")
    assert view.server.waits == "accept"
    view = tcp.press("client", "connect")
    assert view.server.waits == ""
    assert "ended the waiting of the server: accept" in view.said
    assert last(tcp, "server").made == 2


def test_recv_waits_until_the_client_sends(tcp):
    tcp.make((*CONNECTED, "server recv"))
    assert tcp.state().server.waits == "recv"
    assert "recv → b'ping1'" in tcp.press("client", "send").said


def test_recv_waits_until_the_client_closes(tcp):
    tcp.make((*CONNECTED, "server recv", "client close"))
    assert last(tcp, "server").data == b""
    assert tcp.state().server.waits == ""


def test_a_waiting_process_takes_no_other_call_and_says_what_to_press(tcp):
    tcp.make((*LISTENING, "server accept"))
    with pytest.raises(Refused, match=r"server waits in accept\. Press a button of the client"):
        tcp.press("server", "bind")
    assert tcp.state().server.waits == "accept"


@tables
def test_the_process_that_is_shown_waiting_waits_in_the_kernel(tcp):
    tcp.make((*LISTENING, "server accept"))
    (thread,) = kernel.threads(tcp.state().server.number)
    assert (thread.state, thread.call) == ("S", "accept4")


def test_recvfrom_waits_until_a_datagram_comes(udp):
    udp.make(("server socket", "server bind", "server recvfrom", "client socket"))
    assert udp.state().server.waits == "recvfrom"
    udp.press("client", "sendto")
    assert last(udp, "server").data == b"ping1"


def test_both_may_wait_and_nothing_can_end_it(tcp):
    tcp.make((*CONNECTED, "server recv", "client recv"))
    view = tcp.state()
    assert (view.server.waits, view.client.waits) == ("recv", "recv")


# -- wrong orders


@pytest.mark.parametrize(
    ("presses", "error", "words"),
    [
        (("client socket", "client connect"), "ECONNREFUSED", "nobody listens"),
        (("server socket", "server bind", "client socket", "client connect"), "ECONNREFUSED", "nobody listens"),
        (("server socket", "server bind", "server bind"), "EINVAL", "has an address already"),
        (("server socket", "server bind", "server accept"), "EINVAL", "does not listen"),
        ((*CONNECTED, "client connect"), "EISCONN", "never made twice"),
        (("client socket", "client recv"), "ENOTCONN", "has no peer"),
        ((*LISTENING, "server recv"), "ENOTCONN", "has no peer"),
        ((*CONNECTED, "client close", "client send"), "EBADF", "closed"),
    ],
)
def test_a_wrong_order_gets_its_real_error(tcp, presses, error, words):
    tcp.make(presses)
    assert last(tcp, presses[-1].split()[0]).error == error
    assert words in tcp.state().said


def test_sending_on_the_listening_socket_fails(tcp):
    tcp.make((*LISTENING, "server send"))
    assert last(tcp, "server").error in ("EPIPE", "ENOTCONN")


def test_a_connection_can_be_made_after_a_refusal(tcp):
    tcp.make(("client socket", "client connect", *LISTENING, "client connect", "server accept"))
    assert [call.error for call in tcp.exchange().by("reference", "connect")] == ["ECONNREFUSED", ""]
    tcp.make(("client send", "server recv"))
    assert "5 bytes" in ladder.text(tcp.exchange())


def test_udp_connect_succeeds_with_nobody_there_and_send_tells_later(udp):
    udp.make(("client socket", "client connect", "client send"))
    assert [call.error for call in udp.exchange().by("reference")] == ["", "", ""]
    udp.press("client", "recv")
    assert last(udp, "client").error == "ECONNREFUSED"


def test_udp_send_without_a_peer_fails(udp):
    udp.make(("client socket", "client send"))
    assert last(udp, "client").error in ("EDESTADDRREQ", "ENOTCONN")


def test_a_datagram_sent_before_the_bind_is_lost(udp):
    udp.make(("client socket", "client sendto", "server socket", "server bind", "server recvfrom"))
    assert udp.state().server.waits == "recvfrom"
    udp.press("client", "sendto")
    assert last(udp, "server").data == b"ping2"


def test_two_sends_are_one_recv_and_two_datagrams(tcp, udp):
    tcp.make((*CONNECTED, "client send", "client send", "server recv"))
    assert last(tcp, "server").data == b"ping1ping2"
    udp.make(("server socket", "server bind", "client socket", "client sendto", "client sendto", "server recvfrom"))
    assert last(udp, "server").data == b"ping1"


def test_a_second_client_is_served_too(tcp):
    tcp.make((*CONNECTED, "client socket", "client connect", "server accept", "client send", "server recv"))
    assert [one.variable for one in tcp.state().server.sockets] == ["listener", "conn", "conn2"]
    assert last(tcp, "server").data == b"ping1"


def test_what_cannot_be_made_is_refused_in_words(tcp, udp):
    with pytest.raises(Refused, match="no socket yet"):
        tcp.press("server", "bind")
    with pytest.raises(Refused, match="closed already"):
        tcp.make(("client socket", "client close", "client close"))
    udp.make(("server socket", "server bind"))
    with pytest.raises(Refused, match="no peer to answer"):
        udp.press("server", "sendto")


def test_unknown_names_raise_and_list_the_known_ones(tcp):
    with pytest.raises(ValueError, match="choose one of: server, client"):
        tcp.press("waiter", "bind")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="it has: WSAStartup, socket, connect, send, recv, close, WSACleanup"):
        tcp.press("client", "bind")
    with pytest.raises(ValueError, match="choose one of: tcp, udp"):
        Stepper("sctp")  # type: ignore[arg-type]


# -- the kernel's state


def test_the_states_of_a_connection(tcp):
    tcp.make(LISTENING[:2])
    assert state(tcp, "server", "listener") == "CLOSE"
    tcp.press("server", "listen")
    assert state(tcp, "server", "listener") == "LISTEN"
    tcp.make(CONNECTED[3:])
    assert state(tcp, "server", "conn") == state(tcp, "client", "sock") == "ESTABLISHED"
    tcp.press("client", "close")
    assert state(tcp, "server", "conn") == "CLOSE_WAIT"
    assert state(tcp, "server", "listener") == "LISTEN"


@tables
def test_the_kernel_keeps_what_no_descriptor_has(tcp):
    tcp.make(CONNECTED[:5])
    (waiting,) = tcp.state().others
    assert (waiting.variable, waiting.local, waiting.state) == ("", tcp.address, "ESTABLISHED")
    (listener,) = tcp.state().server.sockets
    assert listener.received == 1
    tcp.make(("server accept", "client close"))
    assert [row.state for row in tcp.state().others] == ["FIN_WAIT2"]
    tcp.press("server", "close")
    assert [row.state for row in tcp.state().others] == ["TIME_WAIT"]


@tables
def test_bytes_wait_in_the_queue_of_who_has_not_read_them(tcp):
    tcp.make((*CONNECTED, "client send"))
    queues = {one.variable: one.received for one in tcp.state().server.sockets}
    assert queues == {"listener": 0, "conn": 5}
    tcp.press("client", "close")  # the FIN is not one of the bytes
    assert {one.variable: one.received for one in tcp.state().server.sockets}["conn"] == 5


def test_where_there_are_no_tables_the_states_are_asked_for(monkeypatch):
    monkeypatch.setattr(kernel, "READABLE", False)
    with Stepper("tcp") as pair:
        pair.make(CONNECTED)
        assert state(pair, "server", "listener") == "LISTEN"
        assert state(pair, "server", "conn") == state(pair, "client", "sock") == "ESTABLISHED"
        assert pair.press("server", "recv").server.waits == "recv"
        assert pair.press("client", "close").server.waits == ""


@tables
def test_a_port_that_was_taken_before_the_first_press_is_changed(tcp):
    taken = tcp.address
    with socket.socket() as other:
        other.bind(taken)
        other.listen()
        tcp.make(("server socket", "server bind"))
    assert tcp.address != taken
    assert last(tcp, "server").error == ""


# -- pictures


@pytest.mark.parametrize(("presses", "transport"), [(TCP, "tcp"), (TCP[:7], "tcp"), (UDP, "udp"), (UDP[:5], "udp")])
def test_a_picture_is_the_same_at_every_run(presses, transport):
    assert stepper.picture(presses, transport) == stepper.picture(presses, transport)


def test_a_picture_has_words_for_who_cannot_see_it():
    drawn = stepper.picture((*CONNECTED, "client send"))
    assert drawn.text.startswith("server: ready\n  listener   3  LISTEN       127.0.0.1:5000\n")
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("role") == "img"
    assert root.findtext("{http://www.w3.org/2000/svg}desc", "").startswith(drawn.text)


def test_the_ladder_follows_the_order_of_the_presses():
    lines = ladder.text(stepper.run(("client socket", "server socket", "client connect", "server bind"))).splitlines()
    assert [word for line in lines for word in ("socket", "connect", "bind") if f"{word}(" in line] == [
        *("socket", "socket", "connect", "bind")
    ]


# -- nothing is left


def gone(numbers: list[int]) -> bool:
    return not any(psutil.pid_exists(number) and psutil.Process(number).status() != "zombie" for number in numbers)


def numbers(pair: Stepper) -> list[int]:
    return [pair.state().of(party).number for party in flow.PARTIES]


def test_close_ends_both_even_while_they_wait():
    pair = Stepper("tcp")
    pair.make((*CONNECTED, "server recv", "client recv"))
    started = numbers(pair)
    pair.close()
    pair.close()
    assert gone(started)
    with pytest.raises(Refused, match="closed"):
        pair.press("client", "close")


def test_a_stepper_that_nobody_holds_ends():
    pair = Stepper("tcp")
    pair.make((*LISTENING, "server accept"))
    started, descriptors = numbers(pair), len(os.listdir("/proc/self/fd")) if kernel.READABLE else 0
    del pair
    gc.collect()
    assert gone(started)
    assert not kernel.READABLE or len(os.listdir("/proc/self/fd")) < descriptors


def test_a_process_that_was_killed_is_told(tcp):
    tcp.press("server", "socket")
    killed = psutil.Process(tcp.state().server.number)
    killed.kill()
    killed.wait(10)
    with pytest.raises(Refused, match="Start again"):
        tcp.press("server", "bind")


@pytest.mark.parametrize("ending", ["pass", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_the_end_of_the_notebooks_kernel_ends_both(ending):
    script = (
        "from autograder.widgets.stepper import Stepper\n"
        f"pair = Stepper('tcp'); pair.make({(*LISTENING, 'server accept')!r})\n"
        "print(*(pair.state().of(party).number for party in ('server', 'client')), flush=True)\n" + ending
    )
    words = [sys.executable, "-c", script]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    started = [int(number) for number in run.stdout.split()]
    assert run.stderr == ""
    assert len(started) == 2
    processes = [psutil.Process(number) for number in started if psutil.pid_exists(number)]
    psutil.wait_procs(processes, 10)
    assert gone(started)


# -- the widget


@pytest.fixture
def board():
    shown = stepper.show("tcp")
    yield shown
    shown.close()


def pressed(board, party: str, name: str) -> None:
    board._buttons[party][name].click()


def test_a_button_makes_its_call_and_shows_the_next(board):
    for press in CONNECTED:
        pressed(board, *press.split())
    assert "ESTABLISHED" in board._cards["client"].value
    assert "SYN" in board._rest.value
    assert board._buttons["server"]["recv"].description == "conn.recv(1024)"
    assert "next" in board._buttons["server"]["recv"]._dom_classes
    assert "next" not in board._buttons["server"]["accept"]._dom_classes


def test_a_button_of_a_waiting_process_says_what_to_press_instead(board):
    for press in (*LISTENING, "server accept", "server close"):
        pressed(board, *press.split())
    assert "waits in accept" in board._heads["server"].value
    assert "Press a button of the client" in board._said.value
    assert "only it can end the waiting" in board._buttons["server"]["close"].tooltip


def test_what_python_does_itself_cannot_be_pressed(board):
    for name in flow.BY_PYTHON:
        button = board._buttons["server"][name]
        assert button.disabled
        assert "Python does both" in button.tooltip


def test_starting_again_starts_two_others(board):
    pressed(board, "server", "socket")
    before = numbers(board._stepper)
    board.restart()
    assert gone(before)
    assert "no open socket" in board._cards["server"].value


def test_showing_another_ends_the_one_before(board):
    before = numbers(board._stepper)
    other = stepper.show("tcp", LISTENING)
    assert gone(before)
    assert "Start again" in board._said.value
    assert "LISTEN" in other._cards["server"].value
    other.close()


def test_a_notebook_without_widgets_gets_words(board):
    assert repr(board) == "A live widget: run this cell in JupyterLab, then press one call after another."


def test_every_transport_has_its_flows():
    assert {transport for transport, _ in flow.FLOWS} == set(KINDS)
