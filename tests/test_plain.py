"""Plain data: what crosses comes back equal and of the same type; anything else is refused, never made."""

from __future__ import annotations

import datetime
import math
import random
import socket
import string

import pytest

from autograder import plain

VALUES = [
    None, True, 0, -1, 2**80, 1.5, "", "é汉𝄞\n\0", "\ud800", b"", bytes(range(256)), bytearray(b"ab"), [], [1, [2]], (),
    (1,), {1, 2}, set(), frozenset({b"x"}), {}, {"a": 1, (1, 2): [b"x"]}, {"list": [1]}, {"bytes": "00"},
    socket.AF_INET6, socket.SOCK_STREAM, [socket.AF_INET, (None, 2.0)], math.inf,
]  # fmt: skip


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Text(str):
    pass


SELF = []
SELF.append(SELF)
DEEP = []
for _ in range(1000):
    DEEP = [DEEP]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_crosses_comes_back_equal(value):
    text = plain.dumps(value)
    back = plain.loads(text)
    assert back == value
    assert type(back) is type(value)
    assert "\n" not in text


def test_not_a_number_crosses():
    assert math.isnan(plain.loads(plain.dumps(math.nan)))


@pytest.mark.parametrize(
    "value",
    [Liar(1), [Liar(1)], {Liar(1): 1}, Text("a"), object(), len, datetime.date(2026, 1, 1), 10**5000, SELF, DEEP, 1j],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(plain.NotPlain):
        plain.dumps(value)
    assert not plain.is_plain(value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"list": 1}', '{"set": [{"list": []}]}', '{"bytes": "0"}', '{"bytes": 1}', '{"socket": "socket"}',
     '{"dict": [[1]]}', '{"dict": [1]}', '{"dict": [[{"list": []}, 1]]}', '{"a": 1, "b": 2}', '{"socket": {"x": 1}}',
     "9" * 5000, "[" * 100_000, '{"list": [' * 5000, "nul", "\x00"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_other_texts_are_refused(text):
    with pytest.raises(plain.NotPlain):
        plain.loads(text)


def test_damaged_texts_are_refused_or_read_never_more():
    draw = random.Random(1)
    whole = plain.dumps(VALUES[:-1])
    for _ in range(3000):
        place = draw.randrange(len(whole))
        damaged = whole[:place] + draw.choice(string.printable) + whole[place + draw.randrange(3) :]
        try:
            plain.loads(damaged)
        except plain.NotPlain:
            continue
