"""Each lecture, run whole by nbval, on Linux strictly: every output is what the file shows."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from autograder.course import Course

DEADLINE = 280
"""Seconds for one lecture; below pytest's own, so that nbval's report is seen."""


@pytest.mark.parametrize("path", Course(ROOT).lecture_notebooks(), ids=lambda path: path.name)
def test_a_lecture_runs_and_shows_what_its_file_shows(path, tmp_path):
    settings = tmp_path / "pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    # What the kernel's tables show, and some error numbers, are Linux's: elsewhere the cells must only run.
    compared = "--nbval" if sys.platform == "linux" else "--nbval-lax"
    words = [compared, "--nbval-current-env", "--nbval-cell-timeout=60", "-c", str(settings), "--rootdir", str(ROOT)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-q", "--color=no", "-p", "no:cacheprovider", str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": "", "COLUMNS": "120"},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
