"""The descriptor table is the process's own, and its widget closes all that it opened and nothing else."""

import gc
import os
import socket
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from autograder import kernel
from autograder.widgets import descriptors
from autograder.widgets.descriptors import Row, steady, table

SVG = "{http://www.w3.org/2000/svg}"
linux_only = pytest.mark.skipif(not kernel.READABLE, reason="this system does not show its socket tables")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has handles, and does not list them")


@pytest.fixture
def widget():
    made = descriptors.explorer()
    yield made
    made.close()


@pytest.fixture
def meeting():
    """A server, its client, and the socket that accept made."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as connection,
    ):
        yield server, client, connection


def newest(widget):
    return widget._desk.sockets[-1].fileno()


def test_a_row_tells_family_type_addresses_and_state(meeting):
    server, client, connection = meeting
    rows = table(server, client, connection)
    assert [row.descriptor for row in rows] == [sock.fileno() for sock in meeting]
    assert [row.state for row in rows] == ["LISTEN", "ESTABLISHED", "ESTABLISHED"]
    assert [row.local for row in rows] == [sock.getsockname() for sock in meeting]
    assert [row.remote for row in rows] == [None, client.getpeername(), connection.getpeername()]
    assert {(row.kind, row.family, row.type) for row in rows} == {("socket", "AF_INET", "SOCK_STREAM")}


@linux_only
def test_what_waits_in_a_buffer_is_counted(meeting):
    server, client, connection = meeting
    client.sendall(b"hello")
    connection.recv(1, socket.MSG_PEEK)
    with socket.create_connection(server.getsockname()):
        assert [row.unread for row in table(server, client, connection)] == [1, 0, 5]


def test_looking_leaves_the_sockets_open(meeting):
    _, client, connection = meeting
    for _ in range(3):
        table(*meeting)
        table()
    client.sendall(b"x")
    assert connection.recv(1) == b"x"


def test_a_fresh_socket_has_an_entry_and_no_address():
    with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        first, second = table(stream, datagrams)
    assert (first.type, first.local, first.remote) == ("SOCK_STREAM", None, None)
    assert (second.type, second.local, second.state) == ("SOCK_DGRAM", None, "")


def test_a_closed_socket_has_no_row():
    sock = socket.socket()
    sock.close()
    assert table(sock) == ()


@posix_only
def test_the_whole_table_names_files_pipes_and_sockets(tmp_path):
    reader, writer = os.pipe()
    with open(tmp_path / "file", "wb") as file, socket.socket() as sock:
        kinds = {row.descriptor: row.kind for row in table()}
        assert [kinds[number] for number in (reader, file.fileno(), sock.fileno())] == ["pipe", "file", "socket"]
    os.close(reader)
    os.close(writer)


@posix_only
def test_two_descriptors_of_one_socket_name_one_entry(meeting):
    _, client, _ = meeting
    with client.dup() as second:
        one, other = table(client, second)
        assert one.entry == other.entry
        assert "the same socket as 3" in descriptors.text(steady((one, other)))


@linux_only
def test_another_processs_internet_sockets_are_seen_too():
    listens = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", listens], stdin=pipe, stdout=pipe, text=True) as other:
        port = int(other.stdout.readline())
        rows = table(process=other.pid)
        other.communicate("\n")
    assert [(row.local, row.state) for row in rows] == [(("127.0.0.1", port), "LISTEN")]
    assert table(process=other.pid) == ()


def test_steady_rows_count_from_three_and_keep_what_is_one():
    rows = (
        Row(40, "socket", 900, "AF_INET", "SOCK_STREAM", ("127.0.0.1", 33_333), None, "LISTEN", 0),
        Row(7, "socket", 901, "AF_INET", "SOCK_STREAM", ("127.0.0.1", 44_444), ("127.0.0.1", 33_333), "ESTABLISHED", 0),
        Row(9, "socket", 901, "AF_INET", "SOCK_STREAM", ("127.0.0.1", 44_444), ("127.0.0.1", 33_333), "ESTABLISHED", 0),
    )
    assert descriptors.text(steady(rows)).splitlines() == [
        "descriptor  family    type         local            remote           state        unread",
        "         3  AF_INET   SOCK_STREAM  127.0.0.1:5000   –                LISTEN       0 to accept",
        "         4  AF_INET   SOCK_STREAM  127.0.0.1:50001  127.0.0.1:5000   ESTABLISHED  0",
        "         5  the same socket as 4",
    ]


def test_the_picture_says_the_same_in_words():
    rows = (Row(0, "device", -1), Row(5, "socket", 8, "AF_INET", "SOCK_DGRAM", None, None, "", 0))
    drawn = descriptors.picture(rows, mine={5})
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("role") == "img"
    assert root.findtext(SVG + "title") == "A descriptor table: 2 descriptors"
    assert root.findtext(SVG + "desc") == drawn.text
    assert "opened here" in drawn.svg


def test_buttons_open_connect_accept_and_close(widget):
    widget.press("tcp")
    first = newest(widget)
    widget.press("udp")
    widget.press("listen")
    widget.press("connect")
    assert "though nobody accepted yet" in widget.said
    widget.press("accept")
    assert f"a new socket, {newest(widget)}," in widget.said
    assert len(widget._desk.sockets) == 5
    assert widget.text.count("SOCK_STREAM") == 4
    assert widget.text.count("SOCK_DGRAM") == 1
    widget.press("drop", first)
    assert widget.said.startswith(f"{first} is closed")
    assert widget.text.count("SOCK_STREAM") == 3


def test_the_fields_follow_the_newest_descriptor(widget):
    widget.press("tcp")
    assert {button["number"] for button in widget.buttons} == {None, newest(widget)}


@posix_only
def test_dup_shows_two_numbers_for_one_socket(widget):
    widget.press("tcp")
    first = newest(widget)
    widget.press("dup", first)
    assert f"the same socket as {min(first, newest(widget))}" in widget.text
    widget.press("drop", first)
    assert "the same socket" not in widget.text
    assert "SOCK_STREAM" in widget.text


@posix_only
def test_all_sockets_of_the_process_on_demand(widget):
    with socket.socket() as other:
        assert f"\n{other.fileno():>10}  " not in widget.text
        widget.press("everything")
        assert f"\n{other.fileno():>10}  AF_INET" in widget.text
        widget.press("everything")
        assert f"\n{other.fileno():>10}  " not in widget.text


@pytest.mark.parametrize(
    ("presses", "words"),
    [
        ([("drop", 0)], "0 is not one of this widget's. Open one first."),
        ([("tcp", None), ("drop", 1)], "1 is not one of this widget's. It has "),
        ([("drop", None)], "Type the descriptor's number."),
        ([("dup", None)], "Type the descriptor's number."),
        ([("connect", None)], "press Listen first"),
        ([("accept", None)], "press Listen first"),
        ([("listen", None), ("accept", None)], "accept() would wait"),
        ([("listen", None), ("listen", None)], "listens already"),
        ([("tcp", None)] * (descriptors.MOST + 1), "12 are enough"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(widget, presses, words):
    for press in presses:
        widget.press(*press)
    assert widget.refused
    assert words in widget.said


def test_closing_the_widget_closes_its_sockets_and_no_other(meeting):
    widget = descriptors.explorer()
    for name in ("tcp", "listen", "connect", "accept"):
        widget.press(name)
    sockets = list(widget._desk.sockets)
    widget.close()
    assert len(sockets) == 4
    assert {sock.fileno() for sock in sockets} == {-1}
    assert len(table(*meeting)) == 3


def test_a_forgotten_desk_closes_its_sockets_without_a_warning():
    desk = descriptors.Desk()
    desk.keep(socket.socket())
    sockets = list(desk.sockets)
    del desk
    gc.collect()
    assert [sock.fileno() for sock in sockets] == [-1]


def test_a_notebook_without_widgets_gets_words(widget):
    assert "run this cell in JupyterLab" in repr(widget)
