"""Stock nbgrader, given one attacker and one honest student at a time, inside a container that is thrown away.

Owns the settings that make nbgrader stock again, the class of two, and the container. Must not know what is due.

Under stock nbgrader a student's code runs with the grader's rights, so here the grader, the course and the gradebook
are all behind the sandbox's outer walls: temporary folders only, no network but its own loopback, an unprivileged user.
"""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import Any

from autograder import sandbox
from autograder.course import MARK, Course
from autograder.limits import MIB, Limits

from . import classroom
from .classroom import ADA, ASSIGNMENT, SECRET, VARIABLE
from .table import HERE, Attack

LIMITS = Limits(address_space=8192 * MIB, disk=1024 * MIB, file=512 * MIB, cpu_seconds=300)
CELL_SECONDS = 20
"""Seconds that nbgrader gives a cell."""

COMMAND_SECONDS = 300.0
"""Seconds that each of nbgrader's two commands gets, for the class of two."""

SLACK_SECONDS = 60.0

SHORTER = f"\nc.Execute.timeout = c.ExecutePreprocessor.timeout = {CELL_SECONDS}\n"
ADDING = "c.OverwriteCells.add_missing_cells = True\n"
"""An option of nbgrader's, off by default, that helps with cells that a student deleted."""

_SCRIPTS = sysconfig.get_path("scripts")
_ROOT = HERE.parent.parent


def settings(path: Path) -> str:
    """The course's nbgrader_config.py without what it says of grading: nbgrader's own preprocessors then apply."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for part in reversed(ast.parse(text).body):
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]).startswith("c.Autograde."):
            del lines[part.lineno - 1 : part.end_lineno]
    return "".join(lines)


def grade(course: Course, student: str, *, adding: bool) -> dict[str, Any]:
    """What `nbgrader autograde` and `generate_feedback` make of this student's submission and Ada's after it.

    `adding` is whether nbgrader's option ADDING is on.

    `ended` and `feedback_ended` are whether each command came to its end in time, `log` and `feedback_log` what it
    said, `marks` what the gradebook has (by student and check), `waiting` what it keeps for a person, `pages` the
    feedback by student, `left` the processes that ran on, `changed` the files changed, made or removed where nobody
    should. `failed` alone: there was no answer.
    """
    environment = {
        "PATH": f"{_SCRIPTS}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(_ROOT),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "HOME": sandbox.HOME,
        "TMPDIR": sandbox.SHARED,
        "USER": "grader",
        "IPYTHONDIR": f"{sandbox.HOME}/.ipython",
        VARIABLE: f"{SECRET}-environment",
    }
    words = [sys.executable, "-P", "-c", (HERE / "container.py").read_text(encoding="utf-8")]
    process = sandbox.start_trusted(words, LIMITS, environment)
    try:
        said, complaint = process.communicate(
            _told(course, student, adding), timeout=2 * COMMAND_SECONDS + SLACK_SECONDS
        )
        if process.returncode == 0:
            return dict(json.loads(said))
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return {"failed": last or f"it ended with status {process.returncode}"}
    except subprocess.TimeoutExpired:
        return {"failed": "it did not end"}
    finally:
        sandbox.end(process)


def _told(course: Course, student: str, adding: bool) -> bytes:
    """The container's standard input: what to do, and the course with a class of two."""
    told = {"limits": LIMITS.plain(), "seconds": COMMAND_SECONDS, "assignment": ASSIGNMENT}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        config = (course.root / MARK).read_bytes() + (ADDING.encode() if adding else b"")
        entry = tarfile.TarInfo(f"course/{MARK}")
        entry.size = len(config)
        archive.addfile(entry, io.BytesIO(config))
        for name in ("gradebook.db", "source"):
            archive.add(course.root / name, f"course/{name}")
        archive.add(course.root.parent / "secret-beside-the-course.txt", "secret-beside-the-course.txt")
        for each in sorted({student, ADA}):
            archive.add(course.submitted / each, f"course/submitted/{each}")
    return json.dumps(told).encode() + b"\n" + packed.getvalue()


def build(root: Path, attackers: list[Attack]) -> Course:
    """A course in this folder with stock settings, and everybody's notebook handed in."""
    root.parent.mkdir(parents=True, exist_ok=True)
    path = root.parent / MARK
    path.write_text(settings(_ROOT / MARK) + SHORTER, encoding="utf-8")
    return classroom.build(root, path, attackers)
