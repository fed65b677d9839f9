"""Reports of a student's process: what has the right form is taken, everything else dropped, and nothing breaks."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest

from autograder import calls, reports
from autograder.recorder import Recorder

CALL: dict[str, Any] = {
    "e": "call", "name": "recv", "pid": 7, "s": 1, "fd": 4, "t": 0.5, "tid": 140_000_000_000_000, "n": 3,
    "line": ["<cell>", 3, "echo"], "family": "AF_INET", "type": "SOCK_STREAM", "local": ["127.0.0.1", 80],
    "remote": ["::1", "x"], "wait": None, "args": [4096], "size": 0, "data": "",
}  # fmt: skip
GOOD: list[dict[str, Any]] = [
    CALL | {"remote": None},
    CALL | {"remote": ["127.0.0.1", 9], "line": None, "t1": 0.6, "data": "00ff", "error": "ECONNRESET", "message": "x"},
    {"e": "end", "pid": 7, "n": 3, "t1": 0.7, "size": 2, "data": "6869", "local": None},
    {"e": "start", "pid": 7},
    {"e": "fork", "pid": 8, "parent": 7},
    {"e": "crash", "pid": 7, "error": "OSError", "name": "EPIPE", "kinds": ["OSError"], "message": "", "frames": []},
    {"e": "return", "pid": 7, "shown": "1", "plain": True, "value": "1"},
    {"e": "return", "pid": 7, "shown": "<x>", "plain": False, "type": "X"},
    {"e": "exit", "pid": 7, "status": 1},
    {"e": "dropped", "pid": 7, "count": 9, "name": "recv"},
]
ODD = [None, True, -1, 1.5, 10**400, "", "x" * 10_000, [], [1], {}, {"a": 1}, ["a", "b"], "\ud800", float("nan")]


@pytest.mark.parametrize("report", GOOD, ids=lambda report: report["e"])
def test_reports_in_form_are_taken_as_they_are(report):
    assert reports.parse(json.dumps(report).encode()) == report


@pytest.mark.parametrize("report", GOOD, ids=lambda report: report["e"])
def test_a_report_without_one_of_its_fields_is_none(report):
    for name in reports.NEEDED[report["e"]]:
        assert reports.parse(json.dumps({key: value for key, value in report.items() if key != name}).encode()) is None


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[]", b"1", b"null", b"{", b"[" * 100_000, b'{"e": []}', b'{"e": "call"}', b"\xff", b'{"e": "evil"}',
     json.dumps(GOOD[3] | {"extra": 1}).encode(), json.dumps(CALL | {"remote": None, "name": "__class__!"}).encode(),
     json.dumps(CALL | {"remote": None, "t": time.monotonic() + 1000}).encode(),
     json.dumps(CALL | {"remote": None, "args": ["x" * 401]}).encode(),
     json.dumps(CALL | {"remote": None, "data": "0g"}).encode(),
     json.dumps(CALL | {"remote": None, "data": "00" * (calls.STORED + 1)}).encode()],
    ids=lambda line: line[:20],
)  # fmt: skip
def test_what_is_no_report_is_dropped(line):
    assert reports.parse(line) is None


def test_whatever_is_taken_the_history_can_be_told():
    """Reports with odd values in every place, in every order, into one recorder."""
    draw = random.Random(12)
    recorder = Recorder()
    taken = 0
    for _ in range(4000):
        report = dict(draw.choice(GOOD))
        for name in draw.sample(sorted(report), k=draw.randrange(3)):
            report[name] = draw.choice(ODD)
        found = reports.parse(json.dumps(report).encode("utf-8", "surrogatepass"))
        if found is not None:
            recorder.take("student", found)
            taken += 1
    assert taken > 1000
    assert all(call.side == "student" for call in recorder.history())
