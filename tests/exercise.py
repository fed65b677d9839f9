"""An exercise, run the way a student's filled-in copy of its notebook is, without a kernel.

Owns putting a student's file where the solution cells were, and running the cells in order. Must not know what any
exercise is about, or what should come out.

Exercises are the assignments, which are notebooks in source/, and those of tests/exercises, each a file whose cells
begin with `# %%` and what they are: `setup`, `solution NAME` or `check NAME`.
"""

from __future__ import annotations

import ast
import ctypes
import linecache
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import ROOT, grading_cell
from nbformat.v4 import new_notebook

from autograder import notebooks

STUDENTS = ROOT / "tests" / "students"
EXERCISES = ROOT / "tests" / "exercises"
STUB = "raise NotImplementedError()"


def _bind_as_ordinary_users() -> None:
    """Let the programs started from here get EACCES for a port below 1024, as students do, if root runs this."""
    if sys.platform == "linux" and os.geteuid() == 0:
        drop, net_bind_service = 24, 10  # PR_CAPBSET_DROP of prctl(2), CAP_NET_BIND_SERVICE of capabilities(7)
        ctypes.CDLL(None).prctl(drop, net_bind_service, 0, 0, 0)


_bind_as_ordinary_users()


@dataclass(frozen=True)
class Cell:
    """One cell of code: `check` is the grade_id if it is graded, `solution` whether it is the student's to write."""

    name: str
    source: str
    check: str | None = None
    solution: bool = False


@dataclass(frozen=True)
class Student:
    """A file of tests/students. `fails` are the checks that it fails, `named` is its mistake's number."""

    assignment: str
    name: str
    source: str
    fails: tuple[str, ...]
    named: int | None

    def __str__(self) -> str:
        return f"{self.assignment}/{self.name}"


def assignments() -> list[str]:
    """The assignments that have students."""
    return [name for name in exercises() if not _file(name).exists()]


def exercises() -> list[str]:
    """Everything that has students: the assignments and the exercises of tests/exercises."""
    return sorted(folder.name for folder in STUDENTS.iterdir() if folder.is_dir())


def _file(exercise: str) -> Path:
    return EXERCISES / f"{exercise}.py"


def students(assignment: str) -> list[Student]:
    """The students of an exercise, in alphabetical order; a right one is called correct…, and fails nothing."""
    return [_student(path) for path in sorted((STUDENTS / assignment).glob("*.py"))]


def _student(path: Path) -> Student:
    source = path.read_text(encoding="utf-8")
    told: dict[str, Any] = {"FAILS": (), "NAMED": None}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name in told:
                told[name] = ast.literal_eval(statement.value)
    return Student(path.parent.name, path.stem, source, tuple(told["FAILS"]), told["NAMED"])


def cells(assignment: str) -> list[Cell]:
    """The code cells of an exercise, with the reference solution and the hidden tests."""
    if _file(assignment).exists():
        return list(_cells_of_a_file(_file(assignment).read_text(encoding="utf-8")))
    notebook = notebooks.read(ROOT / "source" / assignment / f"{assignment}.ipynb")
    return [_cell(cell) for cell in notebook.cells if cell.cell_type == "code"]


def _cells_of_a_file(text: str) -> Iterator[Cell]:
    _, *parts = re.split(r"(?m)^# %% (setup|solution|check) ?([a-z_-]*)\n", text)
    for kind, name, source in zip(*(iter(parts),) * 3, strict=True):
        yield Cell(f"{name or kind}.py", source.strip("\n"), name if kind == "check" else None, kind == "solution")


def _cell(cell: notebooks.Notebook) -> Cell:
    role = cell.metadata.get("nbgrader", {})
    check = role["grade_id"] if notebooks.is_check(cell) else None
    return Cell(f"{cell.id}.py", cell.source, check, bool(role.get("solution")))


def untouched(whole: list[Cell]) -> list[Cell]:
    """The notebook as students get it: each solution is a stub that raises."""
    return [Cell(cell.name, _stub(cell.source), solution=True) if cell.solution else cell for cell in whole]


def _stub(source: str) -> str:
    begin, end = notebooks.MARKERS[0]
    kept: list[str] = []
    inside = False
    for line in source.splitlines():
        if begin in line:
            kept.append(line[: len(line) - len(line.lstrip())] + STUB)
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def filled_in(whole: list[Cell], student: Student) -> list[Cell]:
    """The notebook with a student's file in place of its solution cells, at the first of them.

    In the exercises of tests/exercises what a file does not define is the reference solution's.
    """
    theirs = Cell(f"{student.name}.py", student.source, solution=True)
    first = next(number for number, cell in enumerate(whole) if cell.solution)
    others = [cell for cell in whole if cell.solution and _file(student.assignment).exists()]
    return [*whole[:first], *others, theirs, *(cell for cell in whole[first:] if not cell.solution)]


def in_a_notebook(exercise: str) -> notebooks.Notebook:
    """An exercise of tests/exercises as an assignment's notebook, one point for each check."""
    made = [_notebook_cell(cell) for cell in cells(exercise)]
    return notebooks.normal_form(new_notebook(cells=made), "exercise")


def _notebook_cell(cell: Cell) -> notebooks.Notebook:
    name = cell.name.removesuffix(".py").replace("_", "-")
    if cell.check:
        return grading_cell(cell.source, f"check-{name}", grade=True, points=1)
    return grading_cell(cell.source, name, **({"solution": True} if cell.solution else {"locked": True}))


def answers(exercise: str, student: Student | None = None) -> list[str]:
    """What stands in each solution cell: a student's file where it defines the function, else the reference."""
    theirs = dict(_definitions(student.source)) if student else {}
    found = []
    for cell in cells(exercise):
        if cell.solution:
            asked = re.findall(r"(?m)^def (\w+)", cell.source)
            found.append(student.source if student and not theirs.keys().isdisjoint(asked) else cell.source)
    return found


def write_into(notebook: notebooks.Notebook, answer: str) -> None:
    """Fill a release in as a student does who writes everything into the first cell there is for it."""
    first, *others = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    first.source = answer
    for cell in others:
        cell.source = "# above"


def run(notebook: list[Cell]) -> dict[str, BaseException | None]:
    """Run the cells in order: for each check what it raised, or None if it passed. Other cells must not raise.

    A check that passed for another student is not run again where nothing differs that it could reach: its own text,
    the cells around it and the student's definitions that it uses, directly or through others.
    """
    shared = tuple(cell.source for cell in notebook if not cell.check and not cell.solution)
    theirs = dict(_definitions("\n\n".join(cell.source for cell in notebook if cell.solution)))
    space: dict[str, Any] = {"__name__": "__main__"}
    outcomes: dict[str, BaseException | None] = {}
    for cell in notebook:
        if cell.check is None:
            _execute(cell, space)
            continue
        key = (cell.source, shared, frozenset(_reached(cell.source, theirs)))
        outcomes[cell.check] = None if key in _passed else _outcome(cell, space)
        if outcomes[cell.check] is None:
            _passed.add(key)
    return outcomes


_passed: set[tuple[str, tuple[str, ...], frozenset[str]]] = set()


def _outcome(cell: Cell, space: dict[str, Any]) -> BaseException | None:
    try:
        _execute(cell, space)
    except Exception as error:
        return error
    return None


def _execute(cell: Cell, space: dict[str, Any]) -> None:
    linecache.cache[cell.name] = (len(cell.source), None, cell.source.splitlines(keepends=True), cell.name)
    exec(compile(cell.source, cell.name, "exec"), space)


def _definitions(source: str) -> Iterator[tuple[str, str]]:
    """The names that a file's statements bind, each with the statement's text."""
    for statement in ast.parse(source).body:
        text = ast.unparse(statement)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name, text
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name, text) for alias in statement.names)
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            bound = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
            yield from ((name, text) for name in bound)


def _reached(source: str, definitions: dict[str, str]) -> Iterator[str]:
    """The definitions that a text uses, directly or through others."""
    seen: set[str] = set()
    ahead = [source]
    while ahead:
        names = {node.id for node in ast.walk(ast.parse(ahead.pop())) if isinstance(node, ast.Name)}
        for name in (names & definitions.keys()) - seen:
            seen.add(name)
            ahead.append(definitions[name])
            yield definitions[name]
