"""Verdicts: what grading found of one submission, and where that is kept.

Owns the task (all that a verdict depends on), its name, the verdict, and the folder they are kept in. Must not know
how a verdict is reached, nor nbgrader.

A verdict is named by the hash of its task, so what was executed once need not be executed again, and a run that was
interrupted goes on where it was. Every file appears whole or not at all.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder.limits import Limits

Outputs = list[dict[str, Any]]
"""What a cell displayed, in nbformat's form."""


def error(name: str, said: str) -> dict[str, Any]:
    """What stands below a cell that was ended by us, for a reason that needs no traceback."""
    return {"output_type": "error", "ename": name, "evalue": said, "traceback": [said]}


@dataclass(frozen=True)
class Cell:
    """A cell to run: its role (see `submission.roles`), the name it goes by, its text, and the points it may give."""

    role: str
    name: str
    source: str
    points: float = 0.0


@dataclass(frozen=True)
class Task:
    """All that a verdict depends on. `files` are those beside the notebook, by their names; those in `own` are the
    instructor's, and the only ones that checks find.
    """

    cells: tuple[Cell, ...]
    seed: str
    limits: Limits = field(default_factory=Limits)
    files: tuple[tuple[str, bytes], ...] = ()
    own: frozenset[str] = frozenset()
    sandboxed: bool = True

    def plain(self) -> dict[str, Any]:
        """The task as the worker reads it."""
        return {
            "cells": [asdict(cell) for cell in self.cells],
            "seed": self.seed,
            "limits": self.limits.plain(),
            "files": {name: base64.b64encode(content).decode("ascii") for name, content in self.files},
            "own": sorted(self.own),
            "sandboxed": self.sandboxed,
        }

    @property
    def name(self) -> str:
        """The hash, in hexadecimal, of the task and the versions of what executes it."""
        whole = json.dumps(self.plain() | {"versions": versions()}, sort_keys=True)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def versions() -> Mapping[str, str]:
    """What executes a task: this Python's version, those of the libraries it stands on, and this package's hash."""
    package = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".toml") or path.parent.name == "etc":
            package.update(path.read_bytes())
    libraries = {name: metadata.version(name) for name in ("cloudpickle", "ipython", "psutil")}
    return {"python": platform.python_version(), "package": package.hexdigest(), **libraries}


@dataclass(frozen=True)
class Mark:
    """What one check gave, and, if it is not all its points, why: the first line of what the student is told."""

    check: str
    points: float
    maximum: float
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one task came to: `outputs` of its cells, in order (empty for a cell that is not run), and the marks."""

    task: str
    outputs: tuple[Outputs, ...]
    marks: tuple[Mark, ...]
    sandboxed: bool

    @property
    def points(self) -> float:
        """The sum of the marks."""
        return sum(mark.points for mark in self.marks)


def of(task: Task, outputs: tuple[Outputs, ...]) -> Verdict:
    """The verdict of a task whose cells displayed this. Raises ValueError if they are not as many."""
    marks = tuple(_mark(cell, shown) for cell, shown in zip(task.cells, outputs, strict=True) if cell.role == "check")
    return Verdict(task.name, outputs, marks, task.sandboxed)


def _mark(cell: Cell, shown: Outputs) -> Mark:
    """As nbgrader reads what a check displayed: an error or a word on standard error is zero, a number is the mark."""
    for output in shown:
        if output["output_type"] == "error":
            return Mark(cell.name, 0.0, cell.points, _first_line(output["evalue"]) or output["ename"])
        if output["output_type"] == "stream" and output["name"] == "stderr":
            return Mark(cell.name, 0.0, cell.points, "it printed on standard error")
        if output["output_type"] == "execute_result":
            with contextlib.suppress(ValueError):
                points = float(output["data"].get("text/plain", ""))
                return Mark(cell.name, points, cell.points, "" if points == cell.points else "partial credit")
    return Mark(cell.name, cell.points, cell.points)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:300]


class Store:
    """The verdicts of a course, in a folder: a file each, and `log.jsonl`, which only grows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, task: Task) -> Verdict | None:
        """The verdict of this task, if there is one; a file that is damaged counts as none."""
        try:
            found = json.loads(self._path(task.name).read_text(encoding="utf-8"))
            return Verdict(
                found["task"],
                tuple(found["outputs"]),
                tuple(Mark(**mark) for mark in found["marks"]),
                found["sandboxed"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, verdict: Verdict) -> None:
        """Write a verdict, whole or not at all."""
        path = self._path(verdict.task)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(verdict) | {"versions": dict(versions())}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)

    def note(self, event: str, **rest: object) -> None:
        """Add a line to the log: what happened, when (seconds since 1970), to whom."""
        self._folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"time": round(time.time(), 3), "event": event, **rest}) + "\n"
        descriptor = os.open(self._folder / "log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())  # one write, so that lines of several processes never mix
        finally:
            os.close(descriptor)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.json"
