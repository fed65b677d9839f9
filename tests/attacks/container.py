"""Behind the walls around stock nbgrader: grade a class that comes on standard input, and say what came of it.

Owns what is run there, in which order, and what is looked at afterwards. Must not know what is due, nor put walls up:
`stock` does, and hands this file's text to a Python there. The first line of the input is JSON (`limits`, `seconds`,
`assignment`); then comes a tar archive with the folder `course`. The answer is JSON on standard output.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from autograder import limits, sandbox

CLASS = Path(sandbox.HOME) / "class"
COURSE = CLASS / "course"
PLACES = (sandbox.HOME, sandbox.SHARED, sandbox.PRIVATE, "/dev/shm", "/dev/mqueue")
"""What can be written there at all; everything else is read-only."""

MADE = ("autograded", "feedback", "gradebook.db", ".nbgrader.log")
"""What nbgrader is meant to change in the course's folder."""

JUPYTERS = (".ipython", ".jupyter", ".local", ".cache", ".config", ".ipynb_checkpoints")
"""Folders that Jupyter makes for anybody."""

PATIENCE = 5.0
"""Seconds that processes get to end in, once nbgrader has."""

LARGEST_PAGE = 32 * 1024 * 1024
LONGEST_LOG = 200_000


def main() -> None:
    """Do what standard input says."""
    told = json.loads(sys.stdin.buffer.readline())
    limits.impose(told["limits"])
    CLASS.mkdir()
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
        archive.extractall(CLASS, filter="fully_trusted")
    json.dump(_graded(told["assignment"], told["seconds"]), sys.stdout)


def _graded(assignment: str, seconds: float) -> dict[str, Any]:
    before, files = set(psutil.process_iter()), dict(_files())
    ended, log = _nbgrader("autograde", assignment, seconds)
    _, running = psutil.wait_procs(_newer(before), PATIENCE if ended else 0)
    left = [" ".join(one.cmdline()) or one.name() for one in running]
    changed = sorted(path for path, content in _files() if files.get(path) != content)
    gone = sorted(set(files) - dict(_files()).keys())
    for one in running:
        one.kill()
    shown, feedback_log = _nbgrader("generate_feedback", assignment, seconds)
    return {
        "ended": ended,
        "log": log[-LONGEST_LOG:],
        "feedback_ended": shown,
        "feedback_log": feedback_log[-LONGEST_LOG:],
        **_grades(assignment),
        "pages": dict(_pages(assignment)),
        "left": left if ended else [],  # if time ran out they are nbgrader's own
        "changed": changed + gone,
    }


def _nbgrader(step: str, assignment: str, seconds: float) -> tuple[bool, str]:
    """Run one of nbgrader's commands: whether it ended by itself, and its log.

    The log is a file: a process that a student leaves behind would hold a pipe open.
    """
    log = CLASS / f"{step}.log"
    words = [sys.executable, "-m", "nbgrader", step, assignment]
    with log.open("wb") as file:
        try:
            subprocess.run(
                words, cwd=COURSE, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=seconds
            )
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
    return ended, log.read_text(encoding="utf-8", errors="replace")


def _newer(before: set[psutil.Process]) -> list[psutil.Process]:
    new = (one for one in psutil.process_iter() if one not in before)
    return [one for one in new if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _files() -> Iterator[tuple[str, str]]:
    """Every file that could be written and should not be: its path, and its content's hash or where it points to."""
    for place in PLACES:
        for top, folders, names in os.walk(place):
            inside = Path(top) == COURSE
            folders[:] = [name for name in folders if name not in JUPYTERS and not (inside and name in MADE)]
            for name in names:
                path = Path(top, name)
                if Path(top) == CLASS or (inside and name.startswith(MADE)):
                    continue
                yield str(path), _content(path)


def _content(path: Path) -> str:
    try:
        if path.is_symlink() or not path.is_file():
            return f"-> {os.readlink(path)}" if path.is_symlink() else "special"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return type(error).__name__


def _grades(assignment: str) -> dict[str, dict[str, dict[str, float]]]:
    """What the gradebook says, by student and check, for those who have a submission in it.

    `marks` are the scores that stand, `waiting` those that it keeps for a person, without one from grading.
    """
    from nbgrader.api import Gradebook

    found: dict[str, dict[str, dict[str, float]]] = {"marks": {}, "waiting": {}}
    with Gradebook(f"sqlite:///{COURSE / 'gradebook.db'}") as book:
        for handed_in in book.assignment_submissions(assignment):
            for grade in (grade for notebook in handed_in.notebooks for grade in notebook.grades):
                kind = "waiting" if grade.needs_manual_grade and grade.auto_score is None else "marks"
                found[kind].setdefault(handed_in.student.id, {})[grade.name] = grade.score
    return found


def _pages(assignment: str) -> Iterator[tuple[str, str]]:
    for path in sorted((COURSE / "feedback").glob(f"*/{assignment}/{assignment}.html")):
        with path.open(encoding="utf-8", errors="replace") as file:
            yield path.parts[-3], file.read(LARGEST_PAGE)


main()
