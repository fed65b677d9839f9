import re

import pytest

from autograder.difference import difference, hex_rows, text_rows, value_rows


@pytest.mark.parametrize(
    ("expected", "received", "sentence"),
    [
        (b"hello", b"hello", "The bytes are the same."),
        (b"hello", b"", "None of the 5 bytes came."),
        (b"", b"x", "No byte was expected, and 1 byte came."),
        (b"hello", b"hel", "The first 3 bytes are right, then 2 bytes are missing."),
        (b"hello", b"hell", "The first 4 bytes are right, then 1 byte is missing."),
        (b"hello", b"hello!!", "All 5 bytes expected are there, and then 2 bytes too many."),
        (b"\x01\x02\x03\x04", b"\x04\x03\x02\x01", "These are the 4 bytes expected, in reverse order."),
        (b"\x01\x02\x03\x04", b"\x02\x01\x04\x03", "Each group of 2 bytes is in reverse order."),
        (b"hello", b"hxllo", "Byte 1 (counted from 0) is the first that differs."),
    ],
)
def test_the_sentence_names_the_kind_of_difference(expected, received, sentence):
    assert difference(expected, received).sentence == sentence


@pytest.mark.parametrize("at", [0, 1, 17, 999_999])
def test_the_first_difference_is_found_wherever_it_is(at):
    expected = bytes(1_000_000)
    received = bytearray(expected)
    received[at] = 1
    received[-1] = 2
    assert difference(expected, bytes(received)).at == at


def test_the_caret_stands_under_the_first_byte_that_differs_in_text():
    assert text_rows(difference(b"one\r\ntwo", b"one\ntwo")) == [
        r"expected  8 bytes  b'one\r\ntwo'",
        r"received  7 bytes  b'one\ntwo'",
        r"                        ^ first difference",
    ]


def test_the_caret_stands_under_the_first_byte_that_differs_in_hex():
    found = difference(b"one\r\ntwo", b"one\ntwo")
    assert hex_rows(found) == [
        "offset               0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f",
        "00000000  expected  6f 6e 65 0d 0a 74 77 6f",
        "          received  6f 6e 65 0a 74 77 6f",
        "                             ^^",
    ]


def test_only_the_rows_around_the_difference_are_shown():
    expected = bytes(range(256)) * 4
    rows = hex_rows(difference(expected, expected[:500] + b"?" + expected[501:]))
    assert [row[:8] for row in rows if re.match("[0-9a-f]{8}", row)] == ["000001e0", "000001f0", "00000200"]
    assert rows[5].index("^^") == 20 + 3 * (500 % 16)
    assert rows[3][rows[5].index("^^") :][:2] == "f4"


@pytest.mark.parametrize("byte", [b"\xa7", b"'", b"\\", b"a", b"\n"])
@pytest.mark.parametrize("length", [0, 1, 20, 400])
def test_no_row_is_wider_than_a_terminal(byte, length):
    found = difference(byte * 6_000_000, byte * length + b"?" * 100)
    rows = text_rows(found)
    assert max(map(len, rows + hex_rows(found))) <= 78
    assert rows[1][rows[2].index("^") :].startswith("?")


def test_what_is_spelled_is_python():
    data = bytes(range(256))
    found = difference(data[30:50], data[30:49])
    shown = text_rows(found)[1].partition("b'")[2].rstrip("…").removesuffix("'")
    assert eval(f"b'{shown}'") == data[49 - len(eval(f"b'{shown}'")) : 49]


@pytest.mark.parametrize("at", [0, 10, 40, 41, 500])
def test_the_caret_stands_under_the_first_character_of_a_value_that_differs(at):
    expected = "x" * 1000
    rows = value_rows(expected, expected[:at] + "?" + expected[at + 1 :])
    assert rows[1][rows[2].index("^")] == "?"
    assert max(map(len, rows)) <= 78
