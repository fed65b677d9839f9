"""`autograder lab` in a real browser: the Validate button works on a student's copy of a released notebook."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, fill_in
from exercise import students
from playwright.sync_api import Page, expect, sync_playwright

from autograder import notebooks
from autograder.course import Course

START = 90.0
"""Seconds until JupyterLab must say its address."""
SHOW = 60_000.0
"""Milliseconds until something must be seen in the browser."""
ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+/lab\S*\?token=\S+")


@contextmanager
def opened(course: Course) -> Iterator[str]:
    """The address, with its token, of a JupyterLab that `autograder lab` opened on a course."""
    words = ["lab", "--no-browser", f"--port={_free_port()}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *words],
        cwd=course.root,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_pass_on, args=(process, told), daemon=True)
    reader.start()
    try:
        found = _address(told)
        _answers(found)
        yield found
    finally:
        _end(process)
        reader.join(START)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def address(released: Course) -> Iterator[str]:
    with opened(released) as found:
        yield found


@pytest.fixture
def page(program_needed: Callable[..., str]) -> Iterator[Page]:
    program = program_needed("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()


def test_validate_tells_what_fails_in_a_students_copy(page: Page, address: str, released: Course, tmp_path: Path):
    page.goto(address)
    tab = page.get_by_role("tab", name="01-tiny.ipynb")
    expect(tab).to_be_visible(timeout=SHOW)
    expect(page.get_by_text("def double(x):").first).to_be_visible(timeout=SHOW)
    page.get_by_role("button", name="Validate").click(timeout=SHOW)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Validation Results", timeout=SHOW)
    expect(dialog).to_contain_text("assert double(2) == 4")
    expect(dialog).to_contain_text("NotImplementedError")
    page.screenshot(path=tmp_path / "validate.png")
    assert (released.work / "01-tiny" / "01-tiny.ipynb").is_file()


@pytest.fixture
def mistaken(tmp_path: Path) -> Course:
    """03-call-flow in a student's work/, filled in with a server that reads to the end before it answers."""
    made = Course(tmp_path.resolve() / "course")
    shutil.copytree(ROOT / "release" / "03-call-flow", made.release / "03-call-flow")
    shutil.copyfile(ROOT / "nbgrader_config.py", made.root / "nbgrader_config.py")
    answer = next(one for one in students("03-call-flow") if one.name == "reads_to_the_end_first")
    notebook = notebooks.read(made.release / "03-call-flow" / "03-call-flow.ipynb")
    fill_in(notebook, answer.source)
    # few cells, since JupyterLab takes those that are out of sight off the page
    notebook.cells = [cell for cell in notebook.cells if cell.id in {"imports", "echo", "echo-conversation"}]
    (made.work / "03-call-flow").mkdir(parents=True)
    notebooks.write(notebook, made.work / "03-call-flow" / "03-call-flow.ipynb")
    return made


def test_a_failing_check_shows_its_ladder_and_names_the_mistake(
    page: Page, mistaken: Course, tmp_path: Path, picture: Callable[[str], Path]
):
    page.set_viewport_size({"width": 1280, "height": 1820})  # the whole feedback fits
    with opened(mistaken) as address:
        page.goto(address)
        expect(page.get_by_role("tab", name="03-call-flow.ipynb")).to_be_visible(timeout=SHOW)
        expect(page.get_by_text("| Idle")).to_be_visible(timeout=SHOW)
        page.get_by_role("menuitem", name="Run", exact=True).click(timeout=SHOW)
        page.get_by_text("Run All Cells", exact=True).click(timeout=SHOW)
        failed = page.locator(".autograder").first
        expect(failed).to_contain_text("mistake 50", timeout=SHOW)
        expect(failed.locator("svg").first).to_be_visible(timeout=SHOW)
        page.screenshot(path=picture("failing-check.png"))


def _pass_on(process: subprocess.Popen[str], told: queue.SimpleQueue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told.put(line)
    told.put("")


def _address(told: queue.SimpleQueue[str]) -> str:
    """The first address that the server prints."""
    lines = []
    while line := told.get(timeout=START):
        lines.append(line)
        if found := ADDRESS.search(line):
            return found.group()
    pytest.fail(f"JupyterLab ended before it said its address:\n{''.join(lines)}", pytrace=False)


def _answers(address: str) -> None:
    """Wait until the server answers at the address it has printed."""
    deadline = time.monotonic() + START
    while True:
        try:
            with urllib.request.urlopen(address, timeout=START):
                return
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.1)  # between two tries; it decides nothing


def _end(process: subprocess.Popen[str]) -> None:
    """End the server and its kernels, as a closed terminal would, and wait for it."""
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(START)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    """A port that was free a moment ago; JupyterLab tries the next ones if it no longer is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
