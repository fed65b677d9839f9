"""Claims about plain functions: passed in silence, failed with both values."""

from __future__ import annotations

import struct

import pytest

from autograder import CheckFailed, expect


def test_equal_values_pass_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    expect.equal(256, 256, "htons(1)")
    assert capsys.readouterr().out == ""


def test_bytes_are_compared_byte_by_byte() -> None:
    with pytest.raises(CheckFailed) as caught:
        expect.equal(b"\x02\x01", b"\x01\x02", "pack(0x0102)")
    step = caught.value.exchange.failed_step
    assert step is not None
    assert (step.expected, step.received) == (b"\x01\x02", b"\x02\x01")


@pytest.mark.parametrize(("actual", "expected"), [(True, 1), (1.0, 1), ("1", 1), (bytearray(b"x"), b"x")])
def test_another_type_is_another_value(actual: object, expected: object) -> None:
    with pytest.raises(CheckFailed, match="which is"):
        expect.equal(actual, expected, "f()")


class Liar:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_an_object_that_claims_to_equal_everything_is_not_believed() -> None:
    with pytest.raises(CheckFailed):
        expect.equal(Liar(), 256, "htons(1)")


def test_raises_wants_that_exception() -> None:
    def narrow(number: int) -> int:
        if number > 65535:
            raise OverflowError
        return number

    expect.raises(OverflowError, narrow, 70000)
    with pytest.raises(CheckFailed, match="It returned 5 instead"):
        expect.raises(OverflowError, narrow, 5)
    with pytest.raises(CheckFailed, match="It raised TypeError"):
        expect.raises(OverflowError, narrow, "x")


def test_an_exception_of_a_module_is_told_with_its_module() -> None:
    with pytest.raises(CheckFailed) as caught:
        expect.returns(b"", struct.pack, "!B", 256)
    assert "It raised struct.error: " in str(caught.value)
    assert caught.value.exchange.program.exception.startswith("struct.error: ")
