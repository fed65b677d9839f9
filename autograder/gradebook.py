"""nbgrader's converters and its gradebook, for one course.

Owns how nbgrader is called: its settings, its log, its warnings and how its failures are told.
Must not know what is released or graded, nor in which order.
"""

from __future__ import annotations

import io
import logging
import re
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.course import MARK, Course, UsageError
from autograder.jupyter import prefer_this_environment


class ConversionError(Exception):
    """nbgrader did not finish; the message is its reason in one line, `log` all that it said."""

    def __init__(self, reason: str, log: str) -> None:
        super().__init__(reason)
        self.log = log


def convert(
    step: str,
    course: Course,
    assignment: str,
    *,
    student: str = "*",
    root: Path | None = None,
    record: bool = True,
    sandboxed: bool = True,
) -> str:
    """Run one of nbgrader's converters, named as in `nbgrader.converters`, on an assignment; return its log.

    `student` narrows it to one student's folder. `root` stands in for the course's own.
    Without `record` an assignment is generated without any gradebook; unless `sandboxed`, graded without a sandbox.
    Raises ConversionError when nbgrader does not finish.
    """
    prefer_this_environment()
    with _known_warnings_ignored():
        from nbgrader import converters

        settings = _settings(course, root or course.root)
        settings.CourseDirectory.assignment_id = assignment
        settings.CourseDirectory.student_id = student
        if not sandboxed:
            settings.ExecuteTrusted.sandbox = False
        if not record:  # what `nbgrader generate_assignment --no-db` sets
            settings.SaveCells.enabled = False
            settings.GenerateAssignment.no_database = True
        log, said = _private_log()
        converter = getattr(converters, step)(coursedir=_directory(settings, log), config=settings)
        converter.log = log
        converter.force = True
        try:
            converter.start()
        except (Exception, SystemExit) as error:
            raise ConversionError(_reason(error, said.getvalue()), said.getvalue()) from None
    return said.getvalue()


@contextmanager
def opened(course: Course) -> Iterator[Any]:
    """The course's gradebook, nbgrader's own object, closed at the end."""
    prefer_this_environment()
    with _known_warnings_ignored():
        from nbgrader.api import Gradebook

        settings = _settings(course, course.root)
        with Gradebook(_directory(settings, _private_log()[0]).db_url, settings.CourseDirectory.course_id) as gradebook:
            yield gradebook


def ignored(course: Course) -> list[str]:
    """The patterns of files that nbgrader leaves where they are (CourseDirectory.ignore)."""
    with _known_warnings_ignored():
        return list(_directory(_settings(course, course.root), _private_log()[0]).ignore)


def options(course: Course) -> dict[str, Any]:
    """What nbgrader_config.py sets of trusted grading (c.ExecuteTrusted: sandbox, limits, verdicts)."""
    return dict(_settings(course, course.root).ExecuteTrusted)


def _settings(course: Course, root: Path) -> Any:
    """What nbgrader_config.py says, with another root in its place."""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        settings = PyFileConfigLoader(MARK, path=str(course.root)).load_config()
    except Exception as error:
        raise UsageError(f"{course.root / MARK} does not load: {type(error).__name__}: {error}") from None
    settings.CourseDirectory.root = str(root)
    return settings


def _directory(settings: Any, log: logging.Logger) -> Any:
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=settings, log=log)


def _private_log() -> tuple[logging.Logger, io.StringIO]:
    """A logger that nothing else writes to, and what it collects."""
    said = io.StringIO()
    log = logging.Logger("autograder.nbgrader")
    log.addHandler(logging.StreamHandler(said))
    return log, said


@contextmanager
def _known_warnings_ignored() -> Iterator[None]:
    """nbgrader 0.9.6 makes SQLAlchemy 2 warn about its sessions; that tells an instructor nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _reason(error: BaseException, log: str) -> str:
    """The last exception that nbgrader logged, in one line, or the one it ended with."""
    raised = re.findall(r"^(?:[\w.]+\.)?(\w*(?:Error|Exception|Entry)): ?(.*)$", log, flags=re.MULTILINE)
    own = [(name, text) for name, text in raised if name != "NbGraderException"]
    if own:
        name, text = own[-1]
        return f"{name}: {text}".rstrip(": ")
    return traceback.format_exception_only(error)[-1].strip()
