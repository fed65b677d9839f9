"""A session: the student's notebook in the sandbox, seen from the trusted process.

Owns starting it, asking it, believing nothing of what it answers, and starting it again when it ends or hangs.
Must not know what is graded. What a hanging or ended notebook had defined is there again after the restart: its cells
are run again, but for the one that was its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import sys
import time
from dataclasses import dataclass
from typing import Any

from autograder import displayed, kernel, program, sandbox
from autograder.limits import Limits

ANSWER = 64 * 1024 * 1024
"""The most bytes of one answer."""

BETWEEN_LOOKS = 0.1
"""Seconds between two looks at the notebook's processor time while it is awaited."""

PRINTED = 64 * 1024
"""So much of what is printed past Python is read at a time, and dropped."""


class _Ended(program.Stopped):
    """The notebook's process ended instead of answering."""


@dataclass(frozen=True)
class Ran:
    """A cell that was run: what it displayed, made harmless, and why it was stopped ("" if it was not)."""

    outputs: list[dict[str, Any]]
    stopped: str = ""


class Session:
    """The student's notebook; `most` are the limits it is under, and without `walls` it runs as we do."""

    def __init__(self, most: Limits, walls: sandbox.Inner | None) -> None:
        self._most, self._walls = most, walls
        self._cells: list[tuple[str, str]] = []
        self._process: sandbox.Process | None = None

    # -- what can be asked --------------------------------------------------------------------------------------

    def run(self, source: str, name: str) -> Ran:
        """Run a cell. One that ends the notebook, or does not come to an end, is not run again after the restart."""
        try:
            answer = self._ask_again_if_it_ended(self._request(source, name))
        except program.Stopped as reason:
            return Ran([], str(reason))
        self._cells.append((source, name))
        return Ran(displayed.safe(answer.get("outputs"), self._most.output))

    def ask(self, do: str, **rest: Any) -> dict[str, Any]:
        """Ask anything else (see `guest`). Raises program.Stopped when there is no answer."""
        return self._ask_again_if_it_ended({"do": do, **rest})

    def end(self) -> None:
        """End the notebook and all its processes."""
        if self._process is None:
            return
        process, self._process = self._process, None
        sandbox.end(process)
        for descriptor in (self._requests, self._answers):
            os.close(descriptor)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    # -- starting -----------------------------------------------------------------------------------------------

    def _request(self, source: str, name: str) -> dict[str, Any]:
        return {"do": "cell", "source": source, "name": name, "most": self._most.output}

    def _begin(self) -> None:
        """Start the notebook if it is not there, and run again what it had run."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        self._start()
        cells, self._cells = self._cells, []
        for source, name in cells:
            with contextlib.suppress(program.Stopped):
                self._ask(self._request(source, name))
                self._cells.append((source, name))
            if self._process is None:
                self._start()

    def _start(self) -> None:
        theirs, self._requests = os.pipe()
        self._answers, their_answers = os.pipe()
        if sys.platform != "win32":
            for descriptor in (self._requests, self._answers):
                os.set_blocking(descriptor, False)
        self._process = sandbox.start_notebook(self._most, (theirs, their_answers), walls=self._walls is not None)
        os.close(theirs)
        os.close(their_answers)
        around = sandbox.surroundings(self._most, walls=self._walls is not None)
        begin = {"limits": around.limits, "path": list(around.path)}
        try:
            ready = self._ask(begin)
        except program.Stopped as reason:
            raise program.Fault(f"the sandboxed notebook did not start: {reason}") from None
        if ready != {"ready": True}:
            raise program.Fault("the sandboxed notebook did not start")

    def _ask_again_if_it_ended(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask, and if the notebook ends instead of answering, once more in a new one.

        What a cell above left running may end it, and that is not the doing of what is asked now.
        """
        try:
            self._begin()
            return self._ask(request)
        except _Ended:
            self._begin()
            return self._ask(request)

    # -- asking -------------------------------------------------------------------------------------------------

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process is not None
        try:
            deadline = _Deadline(self._process.pid, self._most)
            self._write(program.framed(json.dumps(request).encode()), deadline)
            size = int.from_bytes(self._read(8, deadline), "big")
            if size > ANSWER:
                raise program.Stopped("Its answer was too long, and it was stopped.")
            answer = _parsed(self._read(size, deadline))
        except program.Stopped as reason:
            told = f"{reason} {self._reached()}".strip()
            self.end()
            raise type(reason)(told) from None
        if "broken" in answer:
            self.end()
            raise program.Stopped("The notebook's own Python does not work any more after what the cells above did.")
        return answer

    def _reached(self) -> str:
        """The limit that the notebook ran into, if it did."""
        assert self._process is not None
        status = self._process.poll()
        if self._walls is None or status is None:
            return ""
        return self._walls.reached(self._process.pid, "", "", self._walls.exit_status(status))

    def _write(self, whole: bytes, deadline: _Deadline) -> None:
        while whole:
            with contextlib.suppress(BlockingIOError):
                try:
                    whole = whole[os.write(self._requests, whole) :]
                except BrokenPipeError:
                    raise _Ended("The notebook's process ended.") from None
                continue
            self._wait(self._requests, selectors.EVENT_WRITE, deadline)

    def _read(self, size: int, deadline: _Deadline) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            with contextlib.suppress(BlockingIOError):
                part = os.read(self._answers, size - len(parts))
                if not part:
                    raise _Ended("The notebook's process ended.")
                parts += part
                continue
            self._wait(self._answers, selectors.EVENT_READ, deadline)
        return bytes(parts)

    def _wait(self, descriptor: int, event: int, deadline: _Deadline) -> None:
        """Wait for one of our pipes, and drain what is printed past Python meanwhile."""
        assert self._process is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(descriptor, event)
            for pipe in (self._process.stdout, self._process.stderr):
                if pipe is not None and not pipe.closed:
                    waiting.register(pipe, selectors.EVENT_READ, pipe)
            for key, _ in waiting.select(BETWEEN_LOOKS):
                if key.data is not None and not os.read(key.fd, PRINTED):
                    key.data.close()
        deadline.check()


def _parsed(whole: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(whole)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise program.Stopped("Its answer made no sense, and it was stopped.")
    return answer


class _Deadline:
    """When a notebook has had enough time: processor seconds first, so that a busy machine changes nothing."""

    def __init__(self, number: int, most: Limits) -> None:
        self._number, self._most = number, most
        self._end = time.monotonic() + most.answer_seconds
        self._cpu = self._used()

    def _used(self) -> float:
        return sum(kernel.cpu_seconds(process) or 0.0 for process in kernel.children(self._number))

    def check(self) -> None:
        """Raise program.Stopped when it has."""
        if self._used() - self._cpu > self._most.answer_cpu_seconds:
            seconds = self._most.answer_cpu_seconds
            raise program.Stopped(f"It was stopped after {seconds} seconds of computing without an end.")
        if time.monotonic() > self._end:
            raise program.Stopped(f"It was stopped after {self._most.answer_seconds} seconds without an end.")
