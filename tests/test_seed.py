"""The seed: values that repeat for a student and differ between students."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder import seed


def test_the_same_arguments_give_the_same_value_in_any_order() -> None:
    first = seed.bytes(20), seed.integer(0, 10**9), seed.text(12)
    assert (seed.text(12), seed.integer(0, 10**9), seed.bytes(20)) == first[::-1]


def test_another_name_gives_another_value() -> None:
    assert seed.bytes(20, "one") != seed.bytes(20, "two")


def test_students_get_different_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", "ada")
    ada = seed.bytes(20), seed.number()
    monkeypatch.setenv("AUTOGRADER_SEED", "grace")
    assert seed.bytes(20) != ada[0]
    assert seed.number() != ada[1]


def test_values_repeat_in_another_process() -> None:
    script = "from autograder import seed; print(seed.bytes(9).hex(), seed.integer(1, 99), seed.choice(('a', 'b')))"
    printed = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(printed) == 1


def test_sizes_and_ranges() -> None:
    assert len(seed.bytes(7)) == 7
    assert len(seed.text(7)) == 7
    assert 3 <= seed.integer(3, 5) <= 5
    assert any(len(seed.text(30, str(n)).encode()) > 30 for n in range(3))
