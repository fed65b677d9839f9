"""Executing a task: the trusted process is started for it, heard, and its answers become a verdict.

Owns one execution from start to end, its deadline and its repetition. Must not know the course or nbgrader.
A fault of ours, or of the machine, is tried again and then raised; it never becomes a mark.
"""

from __future__ import annotations

import json
import os
import selectors
import sys
import time
from typing import Any

from autograder import sandbox, seed, verdict
from autograder.verdict import Outputs, Store, Task, Verdict

TRIES = 3
"""How often a task is executed at most, if what goes wrong is not the student's doing."""

ANSWERS = 256 * 1024 * 1024
"""The most bytes that the trusted process may answer."""

_WORDS = [sys.executable, "-P", "-c", "from autograder.worker import main; main()"]


class Faulty(Exception):
    """Grading went wrong, each time it was tried; the message is the last reason."""


def obtain(task: Task, store: Store, **whose: str) -> Verdict:
    """The verdict of a task: the one that is kept, or a new one, which is kept then. Raises Faulty.

    `whose` goes into the log.
    """
    found = store.find(task)
    if found is not None:
        store.note("found", task=task.name, **whose)
        return found
    for turn in range(1, TRIES + 1):
        try:
            made = execute(task)
        except Faulty as fault:
            store.note("fault", task=task.name, turn=turn, reason=str(fault), **whose)
            if turn == TRIES:
                raise
            continue
        store.keep(made)
        store.note("executed", task=task.name, points=made.points, **whose)
        return made
    raise AssertionError("the last turn returns or raises")


def execute(task: Task) -> Verdict:
    """Execute a task, once. Raises Faulty if it did not come to its end through no doing of the student's."""
    process = sandbox.start_trusted(_WORDS, task.limits, {seed.VARIABLE: task.seed}, walls=task.sandboxed)
    hearing = _Hearing(process, task)
    try:
        hearing.hear()
    finally:
        sandbox.end(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return verdict.of(task, hearing.outputs())


class _Hearing:
    """What one trusted process says, until it is done or out of time."""

    def __init__(self, process: sandbox.Process, task: Task) -> None:
        self._process, self._task = process, task
        self._said = bytearray()
        self._complaint = bytearray()
        self._shown: dict[int, Outputs] = {}
        self._late = False
        self._whole = False

    def hear(self) -> None:
        """Give the task and take the answers. Raises Faulty."""
        assert self._process.stdin is not None
        deadline = time.monotonic() + self._task.limits.submission_seconds
        try:
            self._process.stdin.write(json.dumps(self._task.plain()).encode())
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it ended at once; what it says of that comes now
        while self._read(deadline):
            pass
        if not self._whole and not self._late:
            reason = self._complaint.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise Faulty(f"the trusted process ended before its work was done: {reason[-1]}")
        checks = {number for number, cell in enumerate(self._task.cells) if cell.role == "check"}
        if not self._late and not checks <= set(self._shown):
            raise Faulty("the trusted process did not answer for every check")

    def _read(self, deadline: float) -> bool:
        """Take what comes next; False when no more can come."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        with selectors.DefaultSelector() as waiting:
            for pipe in (self._process.stdout, self._process.stderr):
                waiting.register(pipe, selectors.EVENT_READ)
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
        if not ready:
            self._late = True
            return False
        for key, _ in ready:
            part = os.read(key.fd, 1 << 20)
            if key.fd == self._process.stderr.fileno():
                self._complaint = (self._complaint + part)[-10_000:]
            elif part:
                self._take(part)
            else:
                return False
        return True

    def _take(self, part: bytes) -> None:
        self._said += part
        if len(self._said) > ANSWERS:
            raise Faulty("the trusted process said too much")
        *lines, rest = self._said.split(b"\n")
        self._said = bytearray(rest)
        for line in lines:
            answer: dict[str, Any] = json.loads(bytes(line))
            if "fault" in answer:
                raise Faulty(answer["fault"])
            if "end" in answer:
                self._whole = True
            else:
                self._shown[answer["cell"]] = answer["outputs"]

    def outputs(self) -> tuple[Outputs, ...]:
        """What each cell displayed; those that time ran out for say so."""
        return tuple(self._of(number) for number in range(len(self._task.cells)))

    def _of(self, number: int) -> Outputs:
        if number in self._shown or not self._late:
            return self._shown.get(number, [])
        seconds = self._task.limits.submission_seconds
        said = f"This was not run to its end: the whole notebook took more than {seconds} seconds."
        return [verdict.error("OutOfTime", said)]
