"""Cuts: pieces that make up the data, and end where they should."""

from __future__ import annotations

from itertools import accumulate

import pytest

from autograder import cuts


def pieces(data: bytes, sizes: list[int]) -> list[bytes]:
    assert sum(sizes) == len(data)
    assert all(size > 0 for size in sizes)
    ends = list(accumulate(sizes))
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    ("data", "part", "expected"),
    [
        (b"one\r\ntwo\r\n", b"\r\n", [b"one\r", b"\ntwo\r", b"\n"]),
        (b"\r\n", b"\r\n", [b"\r", b"\n"]),
        (b"a\r\n\r\nb", b"\r\n", [b"a\r", b"\n\r", b"\nb"]),
        (b"a\r\n\r\nb", b"\r\n\r\n", [b"a\r", b"\n\r\nb"]),
        (b"aaa", b"aa", [b"a", b"a", b"a"]),  # occurrences may overlap
        (b"x--boundary--", b"--boundary", [b"x-", b"-boundary--"]),
    ],
)
def test_every_occurrence_is_cut_after_its_first_byte(data: bytes, part: bytes, expected: list[bytes]) -> None:
    assert pieces(data, cuts.inside(data, part)) == expected


@pytest.mark.parametrize(("data", "part"), [(b"one", b"\r\n"), (b"", b"\r\n"), (b"\r", b"\r\n")])
def test_what_does_not_occur_cannot_be_cut(data: bytes, part: bytes) -> None:
    with pytest.raises(ValueError, match="does not occur"):
        cuts.inside(data, part)


@pytest.mark.parametrize("part", [b"", b"\n"])
def test_one_byte_cannot_be_cut(part: bytes) -> None:
    with pytest.raises(ValueError, match="at least 2 bytes"):
        cuts.inside(b"a\nb", part)


def test_every_character_of_several_bytes_is_cut_after_its_first() -> None:
    data = "aé汉𝄞!".encode()
    parts = pieces(data, cuts.characters(data))
    assert parts == [b"a\xc3", b"\xa9\xe6", b"\xb1\x89\xf0", b"\x9d\x84\x9e!"]
    for part in parts:
        with pytest.raises(UnicodeDecodeError):
            part.decode()


@pytest.mark.parametrize(("data", "words"), [(b"plain", "one byte"), (b"", "one byte"), (b"a\xff", "not UTF-8")])
def test_bytes_without_such_a_character_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cuts.characters(data)


def test_after_positions_in_any_order() -> None:
    assert pieces(b"abcdef", cuts.after(b"abcdef", 4, 1, 4)) == [b"a", b"bcd", b"ef"]


@pytest.mark.parametrize("positions", [(), (0,), (6,), (-1,), (2, 7)])
def test_after_what_is_not_inside_is_refused(positions: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"from 1 to 5|how many bytes"):
        cuts.after(b"abcdef", *positions)
