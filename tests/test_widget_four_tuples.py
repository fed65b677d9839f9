"""Segments are given to sockets by four numbers, as the kernel's table shows, and the widget leaves nothing open."""

import gc
import socket
import xml.etree.ElementTree as ElementTree

import pytest

from autograder import kernel
from autograder.widgets import four_tuples
from autograder.widgets.four_tuples import Row, receiver, steady

SVG = "{http://www.w3.org/2000/svg}"
HERE, ADA, BOB = ("127.0.0.1", 8000), ("127.0.0.1", 40_001), ("127.0.0.2", 40_001)
TABLE = (Row(HERE, None, "LISTEN", 0), Row(HERE, ADA, "ESTABLISHED", 3), Row(HERE, BOB, "ESTABLISHED", 0))
linux_only = pytest.mark.skipif(not kernel.READABLE, reason="this system does not show its socket tables")


@pytest.fixture
def widget():
    made = four_tuples.explorer()
    yield made
    made.close()


def test_a_known_clients_segment_goes_to_its_own_socket():
    assert receiver(TABLE, ADA, HERE) is TABLE[1]
    assert receiver(TABLE, BOB, HERE) is TABLE[2]
    assert receiver(TABLE, BOB, HERE, first=True) is TABLE[2]


def test_a_strangers_first_segment_goes_to_the_socket_that_listens_and_any_other_is_refused():
    stranger = ("127.0.0.1", 40_003)
    assert receiver(TABLE, stranger, HERE, first=True) is TABLE[0]
    assert receiver(TABLE, stranger, HERE) is None
    assert receiver(TABLE, stranger, ("127.0.0.1", 8001), first=True) is None


def test_a_socket_that_listens_at_every_address_takes_a_stranger():
    everywhere = (Row(("0.0.0.0", 8000), None, "LISTEN", 0),)
    assert receiver(everywhere, ADA, HERE, first=True) is everywhere[0]


@linux_only
def test_the_kernel_gives_bytes_to_the_socket_that_the_rule_names():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as one,
        socket.create_connection(server.getsockname()) as two,
    ):
        two.sendall(b"abc")
        rows = four_tuples.rows(server, one, two)
        assert [row.unread for row in rows] == [2, 0, 3]
        assert receiver(rows, two.getsockname(), server.getsockname()) == rows[2]


def test_steady_rows_are_the_same_for_every_port():
    other = tuple(
        Row(("127.0.0.1", 9), row.remote and (row.remote[0], row.remote[1] - 7), row.state, row.unread) for row in TABLE
    )
    assert steady(TABLE) == steady(other)
    assert steady(TABLE)[1] == Row(("127.0.0.1", 5000), ("127.0.0.1", 50_001), "ESTABLISHED", 3)


def test_the_picture_says_the_same_in_words():
    drawn = four_tuples.picture(TABLE, ADA)
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("role") == "img"
    assert root.findtext(SVG + "title") == "Which socket gets an arriving segment"
    assert root.findtext(SVG + "desc") == drawn.text
    assert drawn.svg.count("← just now") == 1
    assert drawn.text.splitlines() == [
        "local             remote            state        unread",
        "127.0.0.1:8000    –                 LISTEN       0 connections to accept",
        "127.0.0.1:8000    127.0.0.1:40001   ESTABLISHED  3 bytes  <- the last segment",
        "127.0.0.1:8000    127.0.0.2:40001   ESTABLISHED  0 bytes",
    ]


def test_where_the_system_does_not_tell_the_picture_says_so():
    assert "not told by this system" in four_tuples.text((Row(HERE, ADA, "ESTABLISHED"),))


@linux_only
def test_clients_come_send_and_go(widget):
    for _ in range(3):
        widget.press("join")
    widget.press("send", 2)
    second = widget._desk.rows()[2]
    assert [row.unread for row in widget._desk.rows()] == [0, 0, 3, 0]
    assert f"{second.remote[1]}" in widget.said
    assert widget.svg == four_tuples.picture(widget._desk.rows(), second.remote).svg
    widget.press("leave", 1)
    assert widget._desk.rows()[1] == second
    widget.press("send", 1)
    assert widget._desk.rows()[1].unread == 6


@pytest.mark.parametrize(
    ("presses", "words"),
    [
        ([("send", 1)], "There is no client yet"),
        ([("join", None), ("send", 2)], "There is no client 2; type one from 1 to 1."),
        ([("join", None), ("leave", None)], "There is no client of that number; type one from 1 to 1."),
        ([("join", None)] * (four_tuples.MOST + 1), "8 clients are enough"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(widget, presses, words):
    for press in presses:
        widget.press(*press)
    assert widget.refused
    assert words in widget.said


def test_closing_the_widget_closes_its_sockets():
    widget = four_tuples.explorer()
    widget.press("join")
    desk = widget._desk
    sockets = [desk.server, *desk.clients, *desk._accepted.values()]
    widget.close()
    assert len(sockets) == 3
    assert {sock.fileno() for sock in sockets} == {-1}


def test_a_forgotten_desk_closes_its_sockets_without_a_warning():
    desk = four_tuples.Desk()
    desk.join()
    sockets = [desk.server, *desk.clients, *desk._accepted.values()]
    del desk
    gc.collect()
    assert {sock.fileno() for sock in sockets} == {-1}


def test_a_notebook_without_widgets_gets_words(widget):
    assert "run this cell in JupyterLab" in repr(widget)
