"""ruff and mypy, as anyone would run them; mypy for each system that students use."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT


def _passes(*words: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=250, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


def test_ruff_finds_nothing():
    _passes("ruff", "check")


def test_the_code_is_formatted():
    _passes("ruff", "format", "--check")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_types_hold(platform):
    _passes("mypy", "--platform", platform)
