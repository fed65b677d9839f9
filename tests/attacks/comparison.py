"""What came of an attack beside what was due: the faults, and the words for both.

Owns the judging of one outcome and the lines of the table. Must not know how anything was graded; it is given the
gradebook's marks, the feedback page, and what else was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder import sandbox

from . import page
from .classroom import ADA, SECRET
from .table import Attack

FAULTS = {
    "undue": "gives marks that are not due",
    "lost": "gives fewer marks than are due",
    "ungraded": "gives up what has marks due, and leaves it to a person",
    "leak": "shows a secret on the feedback page",
    "script": "puts a student's script or element on the feedback page",
    "others": "keeps a classmate from marks or a page, or changes them",
    "left": "leaves processes running, or files changed",
}
"""Kinds of fault, and what a grader with it does."""

FOLDER = f"{sandbox.HOME}/class/course"
LONGEST = 90
"""Characters of a reason in the table."""


@dataclass(frozen=True)
class Came:
    """What came of one submission.

    `marks` are the gradebook's, by check, without those that wait for a person; `why` is why nothing was graded, "" if
    it was. `html` is the feedback page, "" if there is none; `classmate` the points of an honest student beside, None
    if the class got no further.
    """

    marks: Mapping[str, float]
    why: str
    html: str
    classmate: float | None
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """The sum of the marks."""
        return sum(self.marks.values())


def of_stock(student: str, answer: Mapping[str, Any]) -> Came:
    """What the container's answer (see `stock.grade`) says of a student and of Ada."""
    if "failed" in answer:
        return Came({}, f"the grader itself ended: {answer['failed']}", "", None)
    marks, pages = answer["marks"], answer["pages"]
    classmate = sum(marks[ADA].values()) if ADA in marks and ADA in pages else None
    why = ""
    if not answer["ended"] or not answer["feedback_ended"]:
        why = "not done when time ran out"
    elif student not in pages:
        why = _reason(answer["log"], student) or _reason(answer["feedback_log"], student) or "no notebook was found"
    return Came(
        marks.get(student, {}),
        why,
        pages.get(student, ""),
        classmate,
        tuple(answer["left"]),
        tuple(answer["changed"]),
    )


def _reason(log: str, student: str) -> str:
    """The exception that nbgrader logged for a student, in one line."""
    found = re.search(rf"error processing assignment: \S*{re.escape(student)}\S*\n(.*?)(?=\n\[\w+ \||\Z)", log, re.S)
    if not found:
        return _last_error(log)
    lines = [line.strip() for line in found[1].splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Entry)\b", line)] or lines[-1:]
    return re.sub(r"^(?:\w+\.)+", "", raised[-1]).replace(f"{FOLDER}/", "")


def _last_error(log: str) -> str:
    """The first sentence of the last error that nbgrader logged; "" if it logged none."""
    told = re.findall(r"(?<= \| ERROR\] )(.+?)(?=\.\s|\n\[|\Z)", log, re.S)
    return " ".join(told[-1].split()) if told else ""


# -- judging --------------------------------------------------------------------------------------------------------


def due(attack: Attack, checks: Iterable[str]) -> dict[str, float]:
    """The marks that are due, one point for a check; none for what must be set aside."""
    return {} if attack.outcome == "Q" else {check: 0.0 if attack.loses(check) else 1.0 for check in checks}


def faults(attack: Attack, came: Came, checks: Iterable[str], never: Iterable[str], most: float) -> Iterator[str]:
    """The kinds of fault (see FAULTS) in what came of an attack; `most` is what the classmate is due."""
    wanted = due(attack, checks)
    if any(not mark <= wanted.get(check, 0.0) for check, mark in came.marks.items()):  # nan is not due either
        yield "undue"
    if any(not came.marks.get(check, 0.0) >= mark for check, mark in wanted.items()):
        yield "lost" if came.marks else "ungraded"
    shown = [*_shown(came.html, never)]
    if any(not word.startswith("<") for word in shown):
        yield "leak"
    if any(word.startswith("<") for word in shown):
        yield "script"
    if came.classmate != most:
        yield "others"
    if came.left or came.changed:
        yield "left"


def _shown(html: str, never: Iterable[str]) -> Iterator[str]:
    """Which of these words stand on a page: elements in its HTML, other words in what it shows too."""
    words = page.words(html)
    for word in never:
        if word in html or (not word.startswith("<") and word.lower() in words):
            yield word


def secrets(attacks: Iterable[Attack]) -> set[str]:
    """The words that stand on nobody's page."""
    return {SECRET, *(word for attack in attacks for word in attack.never)}


# -- words ----------------------------------------------------------------------------------------------------------


def told(attack: Attack, came: Came, most: int, *, ungraded: str) -> str:
    """What came of an attack, as a cell of the table; `ungraded` is how the grader calls what it gives up."""
    remarks = [f"{came.points:g} of {most}"] if came.marks else []
    if came.why:
        remarks.append(f"{ungraded}: {_short(came.why)}")
    elif not came.marks:
        remarks.append("no marks, left to a person")
    remarks += [f"its code found {what}" for what in _reached(attack, came.html)]
    if came.classmate is None:
        remarks.append("the class got no further")
    elif came.classmate != most:
        remarks.append(f"a classmate got {came.classmate:g} instead of {most}")
    if came.left:
        remarks.append(f"left running: {len(came.left)} process{'es' if len(came.left) > 1 else ''}")
    if came.changed:
        files = ", ".join(path.replace(sandbox.HOME, "~") for path in came.changed[:2])
        remarks.append(f"files changed: {files}{', …' if len(came.changed) > 2 else ''}")
    return "; ".join(remarks)


def _reached(attack: Attack, html: str) -> Iterator[str]:
    """What an attack counted, where it says on its page that it found some: "gradebooks (2)"."""
    words = page.words(html)
    for told in attack.told:
        name = told.removesuffix(": 0;")
        found = re.search(rf"{re.escape(name)}: ([1-9]\d*);", words)
        if name != told and found:
            yield f"{name} ({found[1]})"


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def cell(text: str) -> str:
    """Text for a cell of a Markdown table: words that Markdown would read as its own are set as code."""
    pieces = text.replace("|", "\\|").split("`")
    pieces[::2] = [re.sub(r"[^\s,;]*[_*<$~][^\s,;]*[^\s,;.:)]", r"`\g<0>`", piece) for piece in pieces[::2]]
    return "`".join(pieces)
