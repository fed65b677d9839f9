"""A student's JupyterLab: their own copies of the assignments, and the server that opens on them.

Owns the folder work/ and JupyterLab's command line. Must not know nbgrader's converters or the gradebook.
A file in work/ is a student's work: nothing here ever writes over one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from autograder import jupyter
from autograder.course import Course, UsageError


@dataclass(frozen=True)
class Preparation:
    """What was made ready: assignments copied to work/, those already there, and repairs in words."""

    copied: tuple[str, ...]
    kept: tuple[str, ...]
    repaired: tuple[str, ...]


def prepare(course: Course) -> Preparation:
    """Copy new assignments to work/, and put this environment's kernel and Validate button in order.

    Raises UsageError when the kernel cannot be put in order.
    """
    copied, kept = [], []
    for assignment in course.released():
        target = course.work / assignment
        if target.exists():
            kept.append(assignment)
        else:
            shutil.copytree(course.release / assignment, target)
            copied.append(assignment)
    return Preparation(tuple(copied), tuple(kept), tuple(_repairs()))


def first_document(course: Course) -> str:
    """What JupyterLab opens first, relative to the root with slashes: lecture 01, else the first work."""
    for document in (*course.lecture_notebooks()[:1], *sorted(course.work.glob("*/*.ipynb"))[:1]):
        return document.relative_to(course.root).as_posix()
    return ""


def command(course: Course, *, port: int | None = None, browser: bool = True, rest: Sequence[str] = ()) -> list[str]:
    """The command that starts JupyterLab on the course; `rest` is passed on as it is."""
    words = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={course.root}"]
    document = first_document(course)
    words.append(f"--LabApp.default_url=/lab/tree/{document}" if document else "--LabApp.default_url=/lab")
    if port is not None:
        words.append(f"--port={port}")
    if not browser:
        words.append("--no-browser")
    if is_root() and "--allow-root" not in rest:
        words.append("--allow-root")
    return [*words, *rest]


def is_root() -> bool:
    """Whether this process is the superuser, whom JupyterLab refuses without --allow-root."""
    return sys.platform != "win32" and os.geteuid() == 0


def launch(course: Course, words: Sequence[str]) -> int:
    """Become JupyterLab, in the course's root; on Windows wait for it. Returns its exit status."""
    jupyter.prefer_this_environment()
    os.chdir(course.root)  # nbgrader's Validate looks for its settings where the server was started
    if sys.platform != "win32":
        os.execv(words[0], list(words))
    return _waited_for(words)


def _waited_for(words: Sequence[str]) -> int:
    """Run the command to its end; Ctrl-C is for it to answer, not for us."""
    with subprocess.Popen(words) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def _repairs() -> list[str]:
    jupyter.prefer_this_environment()
    done = []
    with contextlib.suppress(OSError, ValueError):  # only a question the student would be asked
        jupyter.decline_news()
    if not jupyter.kernel_is_ours(jupyter.kernel_program()):
        jupyter.install_kernel()
        if not jupyter.kernel_is_ours(program := jupyter.kernel_program()):
            raise UsageError(
                f"notebooks would run in another Python: the kernel {jupyter.KERNEL!r} starts {program}, "
                f"not {sys.executable}.\nRemove JUPYTER_PATH from your environment variables and try again."
            )
        done.append(f"the kernel {jupyter.KERNEL!r} now starts this environment's Python")
    if not jupyter.validate_is_enabled():
        jupyter.enable_validate()
        done.append("nbgrader's Validate button was off and is on again")
    return done
