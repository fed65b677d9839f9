"""The byte path tells the truth about a real connection's buffers, and its widget leaves nothing open."""

import gc
import socket
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from autograder import kernel
from autograder.widgets import byte_path
from autograder.widgets.byte_path_picture import text

SVG = "{http://www.w3.org/2000/svg}"
linux_only = pytest.mark.skipif(not kernel.READABLE, reason="this system does not show its socket tables")


@pytest.fixture
def pair():
    made = byte_path.Pair()
    yield made
    made.close()


@pytest.fixture
def widget():
    made = byte_path.explorer()
    yield made
    made.close()


def counts(path):
    return len(path.sent), path.unsent, path.received, path.read


def fill(pair):
    """Send until no more is taken even after what was on its way has arrived."""
    while pair.send(5000) or not pair.path().full:
        pass


@linux_only
def test_bytes_that_nobody_accepted_wait_at_the_other_end():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"hello")
        assert byte_path.unread(client) == 5


def test_without_tables_the_answer_is_in_words(monkeypatch):
    monkeypatch.setattr(kernel, "READABLE", False)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"hello")
        assert "does not show the buffers" in str(byte_path.unread(client))


def test_a_byte_goes_from_program_to_buffer_to_program(pair):
    assert counts(pair.path()) == (0, 0, 0, 0)
    assert pair.send(5) == 5
    assert counts(pair.path()) == (5, 0, 5, 0)
    assert pair.read(3) == b"abc"
    path = pair.path()
    assert counts(path) == (5, 0, 2, 3)
    assert (path.taken, path.waiting, path.kept) == (b"abc", b"de", b"")
    assert pair.send(2) == 2
    assert pair.path().waiting == b"defg"


def test_the_same_is_counted_by_peeking_where_there_are_no_tables(pair, monkeypatch):
    monkeypatch.setattr(kernel, "READABLE", False)
    pair.send(5)
    pair.read(3)
    path = pair.path()
    assert counts(path) == (5, 0, 2, 3)
    assert not path.exact
    assert "peeking" in text(path)


@linux_only
def test_unread_bytes_fill_the_receive_buffer_then_the_send_buffer_then_send_takes_no_more(pair):
    fill(pair)
    path = pair.path()
    assert path.full
    assert path.received > 0
    assert path.unsent > 0
    assert path.received + path.unsent == len(path.sent)
    assert "must wait" in byte_path.picture(path).svg
    while pair.read(5000):
        assert sum(counts(pair.path())[1:]) == len(path.sent)
    assert counts(pair.path()) == (len(path.sent), 0, 0, len(path.sent))


@linux_only
def test_a_closing_senders_fin_is_not_taken_for_a_byte(pair):
    fill(pair)
    sent = len(pair.path().sent)
    pair.close_sender()
    assert sum(counts(pair.path())[1:]) == sent
    while pair.read(5000):
        assert sum(counts(pair.path())[1:]) == sent
    assert pair.read(1) == b""
    assert counts(pair.path()) == (sent, 0, 0, sent)


@linux_only
def test_what_a_closing_receiver_left_unread_is_lost_and_told(pair):
    pair.send(3)
    pair.path()
    pair.close_receiver()
    path = pair.path()
    assert counts(path) == (3, 0, 0, 0)
    assert "3 bytes will never be read" in text(path)


def test_the_picture_has_a_name_and_a_description_for_who_cannot_see_it():
    path = byte_path.Path(b"hello <b>", 3, 4, 2)
    drawn = byte_path.picture(path)
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("role") == "img"
    assert root.findtext(SVG + "title") == "Where the bytes are"
    assert root.findtext(SVG + "desc") == drawn.text
    assert drawn.text.splitlines() == [
        "sending program    sent  9 bytes: hello␣<b>",
        "  send buffer      keeps 2 bytes: b>",
        "  receive buffer   keeps 4 bytes: lo␣<",
        "receiving program  read  3 bytes: hel",
        "the receive buffer takes no more for now",
    ]


def test_many_bytes_are_shortened_in_the_middle():
    drawn = byte_path.picture(byte_path.Path(b"x" * 10_000, 0, 10_000, 0))
    assert drawn.text.splitlines()[0] == "sending program    sent  10,000 bytes: xxxxxxxxxxx…xxxxxxxxxxx"
    assert drawn.svg.count('class="tint"') == 10


def test_buttons_move_bytes_and_the_widget_draws_what_the_plain_function_draws(widget):
    widget.press("send", 5)
    assert widget.said == "send() took all 5 bytes, and the program goes on at once."
    widget.press("read", 3)
    assert widget.said == "recv() returned 3 bytes."
    assert widget.text == text(widget._pair.path())
    assert widget.svg == byte_path.picture(widget._pair.path()).svg
    widget.press("read", 3)
    assert widget.said == "recv() returned 2 bytes; it asked for 3, and no more was there."
    widget.press("read", 3)
    assert widget.said == "recv() finds nothing. A blocking recv would wait here."


@linux_only
def test_a_full_connection_says_that_send_would_wait(widget):
    presses = 0
    while "took nothing" not in widget.said and presses < 50:
        widget.press("send", 5000)
        presses += 1
    assert "A blocking send would wait here" in widget.said
    assert "the send buffer is full" in widget.text


def test_the_end_is_told_in_words(widget):
    widget.press("send", 2)
    widget.press("close_sender")
    widget.press("send", 1)
    assert widget.said.startswith("send() failed with EBADF" if sys.platform != "win32" else "send() failed with ")
    widget.press("read", 9)
    widget.press("read", 9)
    assert "recv() returned b''" in widget.said
    widget.press("close_receiver")
    widget.press("again")
    assert "sent  0 bytes" in widget.text


@pytest.mark.parametrize("number", [None, 0, -1, 50_001])
def test_a_bad_number_is_refused_in_words_and_nothing_moves(widget, number):
    widget.press("send", number)
    assert widget.refused
    assert widget.said == "Type a whole number from 1 to 50,000."
    assert "sent  0 bytes" in widget.text
    widget.press("send", 1)
    assert not widget.refused


def test_what_the_page_sends_is_a_press(widget):
    widget._asked(widget, {"press": "send", "number": 4}, [])
    assert "took all 4 bytes" in widget.said
    widget._asked(widget, {"press": "send", "number": "4"}, [])
    assert widget.refused


def test_an_unknown_button_lists_those_there_are(widget):
    with pytest.raises(ValueError, match="there are: send, read"):
        widget.press("close")


def test_closing_the_widget_closes_its_sockets():
    widget = byte_path.explorer()
    sockets = widget._pair._sender, widget._pair._receiver
    widget.press("again")
    assert [sock.fileno() for sock in sockets] == [-1, -1]
    sockets = widget._pair._sender, widget._pair._receiver
    widget.close()
    assert [sock.fileno() for sock in sockets] == [-1, -1]


def test_a_forgotten_pair_closes_its_sockets_without_a_warning():
    pair = byte_path.Pair()
    sockets = pair._sender, pair._receiver
    del pair
    gc.collect()
    assert [sock.fileno() for sock in sockets] == [-1, -1]


def test_a_notebook_without_widgets_gets_words(widget):
    assert "run this cell in JupyterLab" in repr(widget)
