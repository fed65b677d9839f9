"""A lecture's still ladder is the same on every run, readable on any theme, and has its words beside it."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

from autograder.exchange import Call, Exchange
from autograder.widgets import still

CONNECT = Call("student", "connect", 100, 1, 7, 0.1, 0.2, local=("127.0.0.1", 40001), remote=("127.0.0.1", 40002))
EXCHANGE = Exchange("ask", "client", "tcp", calls=(CONNECT,), given=("127.0.0.1", 40002))


def test_the_numbers_that_change_on_every_run_do_not_show():
    elsewhere = replace(
        EXCHANGE,
        calls=(replace(CONNECT, process=5, descriptor=9, local=("127.0.0.1", 50003), remote=("127.0.0.1", 50004)),),
        given=("127.0.0.1", 50004),
    )
    assert still.ladder(EXCHANGE) == still.ladder(elsewhere)


def test_drawing_and_words_are_both_given_to_a_notebook():
    shown = still.ladder(EXCHANGE)._repr_mimebundle_()
    assert set(shown) == {"image/svg+xml", "text/plain"}
    assert "connect" in shown["text/plain"]


def test_the_drawing_has_paper_under_it():
    root = ElementTree.fromstring(still.ladder(EXCHANGE).svg)
    assert root[0].get("fill") == "#fff"
