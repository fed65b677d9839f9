"""The grader itself (attacks.md rows 64 to 66): killed at any point it goes on, a regrade gives the same verdict, and
a fault of its own is never a student's zero.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import tiny_notebook
from nbconvert import filters as nbconvert_filters

from autograder import execution, grading, notebooks, release, sandbox, trusted, verdict
from autograder.course import Course
from autograder.limits import Limits
from autograder.verdict import Cell, Store, Task

pytestmark = pytest.mark.usefixtures("sandbox_needed")

ASSIGNMENT = "01-tiny"
ANSWERS = {"ada": "2 * x", "bob": "2 * abs(x)", "cyd": "3 * x"}
MOMENTS = 10
"""So often each is killed: the grader, and one of its workers."""

GONE_SECONDS = 20.0
CHECK = """
from autograder import serve

with serve(echo) as server:
    client = server.connect()
    client.sends(b"hello")
    client.expects(b"hello")
"""
ECHO = """
import socket


def echo(host, port):
    with socket.create_server((host, port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(connection.recv(100))
"""


@pytest.fixture
def course(tiny_course: Course) -> Course:
    """A class of three, each with another answer, and a server to run."""
    notebook = tiny_notebook()
    notebook.cells[2].source += CHECK
    notebooks.write(notebook, tiny_course.source / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    release.publish(tiny_course, [ASSIGNMENT])
    for student, answer in ANSWERS.items():
        notebook = notebooks.read(tiny_course.release / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
        notebook.cells[1].source = f"{ECHO}\n\ndef double(x):\n    return {answer}\n"
        path = tiny_course.submitted / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        notebooks.write(notebook, path)
    return tiny_course


def marks(course: Course) -> dict[str, object]:
    """All that the gradebook says of each student's checks."""
    database = sqlite3.connect(course.gradebook)
    try:
        rows = database.execute(
            "select submitted_assignment.student_id, base_cell.name, auto_score, manual_score, needs_manual_grade"
            " from grade join base_cell on grade.cell_id = base_cell.id"
            " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
            " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"
        ).fetchall()
    finally:
        database.close()
    found = {f"{student}/{check}": rest for student, check, *rest in rows}
    assert len(found) == len(rows), "a check has two marks"
    return found


def start(course: Course) -> subprocess.Popen[bytes]:
    with open(course.root / "said.txt", "ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--no-feedback"],
            cwd=course.root,
            stdout=said,
            stderr=said,
        )


def workers(family: list[psutil.Process]) -> list[psutil.Process]:
    """Of a grader's processes those that decide grades, and what stands around them."""
    found = []
    for one in family:
        with contextlib.suppress(psutil.Error):
            found += [one] if "autograder.worker" in " ".join(one.cmdline()) else []
    return found


def descendants(grader: int) -> list[psutil.Process]:
    try:
        return psutil.Process(grader).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@pytest.mark.timeout(900)
def test_killed_at_random_moments_it_goes_on_with_nothing_lost_or_twice(course: Course) -> None:
    begun = time.monotonic()
    assert start(course).wait() == 0
    whole = time.monotonic() - begun
    right = marks(course)
    assert len(right) == 2 * len(ANSWERS)
    draw = random.Random(64)
    for number in range(2 * MOMENTS):
        start_anew(course)
        kill = kill_grader if number % 2 else kill_worker
        family = kill(course, draw.uniform(0, whole))
        grader = start(course)
        assert grader.wait() == 0, (course.root / "said.txt").read_text(encoding="utf-8")
        assert marks(course) == right
        log = [json.loads(line) for line in (course.root / "verdicts" / "log.jsonl").read_text().splitlines()]
        executed = [line["task"] for line in log if line["event"] == "executed"]
        assert len(executed) == len(set(executed)), "something was executed and kept twice"
        _, alive = psutil.wait_procs(family, GONE_SECONDS)
        assert not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def start_anew(course: Course) -> None:
    """Forget all that was graded."""
    subprocess.run(["rm", "-rf", "verdicts", "autograded", "feedback", "gradebook.db"], cwd=course.root, check=True)


def kill_grader(course: Course, moment: float) -> list[psutil.Process]:
    """Grade, and kill the grader after so many seconds; all the processes that it had then."""
    grader = start(course)
    try:
        grader.wait(moment)
    except subprocess.TimeoutExpired:
        family = descendants(grader.pid)
        grader.kill()
        grader.wait()
        return family
    return []


def kill_worker(course: Course, moment: float) -> list[psutil.Process]:
    """Grade, and kill a worker after so many seconds, then let the grader end."""
    grader = start(course)
    family: list[psutil.Process] = []
    try:
        grader.wait(moment)
    except subprocess.TimeoutExpired:
        family = descendants(grader.pid)
        for worker in workers(family)[: 1 + int(moment * 1000) % 2]:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
    assert grader.wait() == 0
    return family


# --- a regrade


def task(answer: str) -> Task:
    return Task(
        (
            Cell("answer", "double", f"def double(x):\n    return {answer}\n"),
            Cell("check", "small", "from autograder import expect, seed\nexpect.returns(4, double, 2)", 1.0),
            Cell("check", "seeded", "n = seed.integer(3, 99)\nexpect.returns(2 * n, double, n)", 2.0),
        ),
        "ada",
    )


def test_a_regrade_gives_the_same_verdict_and_executes_nothing_twice(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = execution.obtain(task("2 * x if x < 3 else 0"), store)
    assert [mark.points for mark in first.marks] == [1.0, 0.0]
    assert execution.obtain(task("2 * x if x < 3 else 0"), store) == first
    assert [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [
        "executed",
        "found",
    ]
    again = execution.execute(task("2 * x if x < 3 else 0"))
    assert (again.task, again.marks, again.sandboxed) == (first.task, first.marks, first.sandboxed)


@pytest.mark.parametrize(
    "other",
    [
        Task(task("2 * x").cells, "bob"),
        Task(task("2*x").cells, "ada"),
        Task(task("2 * x").cells, "ada", Limits(processes=7)),
        Task(task("2 * x").cells, "ada", files=(("a", b"1"),)),
        Task(task("2 * x").cells, "ada", sandboxed=False),
    ],
    ids=["seed", "text", "limits", "files", "sandbox"],
)
def test_a_verdict_is_named_by_all_it_depends_on(other: Task) -> None:
    assert other.name != task("2 * x").name
    assert task("2 * x").name == task("2 * x").name


def test_a_damaged_verdict_is_reached_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made = execution.obtain(task("2 * x"), store)
    (path,) = tmp_path.glob("??/*.json")
    for damage in ("", "{", "[]", '{"task": 1}'):
        path.write_text(damage)
        assert store.find(task("2 * x")) is None
    assert execution.obtain(task("2 * x"), store).marks == made.marks
    assert store.find(task("2 * x")) is not None


# --- the grader's own fault


def test_a_worker_that_dies_every_time_is_set_aside_and_no_zero(course: Course, monkeypatch) -> None:
    monkeypatch.setattr(execution, "_WORDS", [sys.executable, "-c", "raise SystemExit('the disk is on fire')"])
    results = grading.grade(course, ASSIGNMENT)
    assert all("the disk is on fire" in result.set_aside for result in results)
    assert all(not result.marks for result in results)
    assert {(auto, bool(waits)) for auto, _, waits in marks(course).values()} == {(None, True)}
    assert all("Set aside for a person" in result.feedback.read_text(encoding="utf-8") for result in results)
    log = [json.loads(line) for line in (course.root / "verdicts" / "log.jsonl").read_text().splitlines()]
    assert {line["event"] for line in log} == {"fault"}
    assert max(line["turn"] for line in log) == execution.TRIES


def test_a_worker_that_dies_once_costs_nothing(monkeypatch, tmp_path: Path) -> None:
    real = sandbox.start_trusted
    turns: list[int] = []

    def start_trusted(words, *rest, **more):
        turns.append(len(turns))
        return real(words if len(turns) > 1 else [sys.executable, "-c", "raise SystemExit(1)"], *rest, **more)

    monkeypatch.setattr(sandbox, "start_trusted", start_trusted)
    made = execution.obtain(task("2 * x"), Store(tmp_path))
    assert [mark.points for mark in made.marks] == [1.0, 2.0]
    assert turns == [0, 1]


@pytest.mark.parametrize(
    "source",
    [
        "from autograder import calls\ncalls.places(1)",  # raised inside the package
        "double(open)",  # what is no plain data cannot cross, and only the instructor can have tried
        "raise MemoryError",
    ],
    ids=["package", "crossing", "memory"],
)
def test_what_goes_wrong_in_our_own_code_is_a_fault(source: str) -> None:
    cells = (*task("2 * x").cells[:1], Cell("check", "small", source, 1.0))
    with pytest.raises(execution.Faulty, match="check small"):
        execution.execute(Task(cells, "ada"))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("assert double(2) == 5", ""),
        ("double(None, 1)", "takes 1 positional argument"),
        ("a, b = double(2)", "cannot unpack non-iterable int"),
        ("trouble(2)", "name 'trouble' is not defined"),
        ("import time\ntime.sleep(1e6)", "it was not over after 1 seconds"),
    ],
)
def test_what_goes_wrong_in_the_check_itself_is_no_fault(source: str, reason: str) -> None:
    cells = (*task("2 * x").cells[:1], Cell("check", "small", source, 1.0))
    (mark,) = execution.execute(Task(cells, "ada", Limits(check_seconds=1))).marks
    assert mark.points == 0
    assert reason in mark.reason


def test_a_notebook_that_takes_too_long_says_so_for_what_was_not_run() -> None:
    cells = (Cell("check", "slow", "import time\ntime.sleep(1e6)", 1.0), Cell("check", "next", "pass", 1.0))
    made = execution.execute(Task(cells, "ada", Limits(submission_seconds=3)))
    assert [mark.points for mark in made.marks] == [0.0, 0.0]
    assert all("took more than 3 seconds" in mark.reason for mark in made.marks)


@pytest.mark.parametrize("value", ["float('nan')", "-1", "float('inf')", "7"])
def test_what_a_check_shows_is_no_mark_beyond_its_points(value: str) -> None:
    cells = (*task(value).cells[:1], Cell("check", "partial", "double(1)", 2.0))
    (mark,) = execution.execute(Task(cells, "ada")).marks
    assert (mark.points, "which is no mark from 0 to 2" in mark.reason) == (0.0, True)


def test_partial_credit_is_given() -> None:
    cells = (*task("1.5").cells[:1], Cell("check", "partial", "double(1)", 2.0))
    (mark,) = execution.execute(Task(cells, "ada")).marks
    assert mark.points == 1.5


def test_nothing_is_left_when_an_execution_is_over() -> None:
    before = set(psutil.Process(os.getpid()).children(recursive=True))
    execution.execute(task("2 * x"))
    assert set(psutil.Process(os.getpid()).children(recursive=True)) <= before


def test_verdicts_keep_what_is_needed_to_read_them_later(tmp_path: Path) -> None:
    execution.obtain(task("2 * x"), Store(tmp_path), student="ada")
    (path,) = tmp_path.glob("??/*.json")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == f"{kept['task']}.json"
    assert kept["versions"] == dict(verdict.versions())
    assert [mark["check"] for mark in kept["marks"]] == ["small", "seeded"]


SPOIL = """
open("data.txt", "w").write("mine")
open("more.txt", "w").write("mine")


def read():
    return open("data.txt").read()
"""
READS = """
import os

assert open("data.txt").read() == "ours"
assert os.listdir() == ["data.txt"]
assert read() == "mine"
"""


def test_a_check_reads_the_instructors_files_and_not_what_the_student_made_of_them() -> None:
    cells = (Cell("answer", "spoil", SPOIL), Cell("check", "reads", READS, 1.0))
    files = (("data.txt", b"ours"), ("helper.txt", b"theirs"))
    (mark,) = execution.execute(Task(cells, "ada", files=files, own=frozenset({"data.txt"}))).marks
    assert mark.points == 1.0, mark.reason


@pytest.mark.parametrize(
    "error", ["ExceptionGroup('several', [ValueError(1)])", "UnicodeDecodeError('a', b'', 0, 1, '')"]
)
def test_an_exception_that_is_made_of_others_is_no_fault(error: str) -> None:
    cells = (Cell("answer", "f", f"def f():\n    raise {error}"), Cell("check", "c", "assert f() == 4", 1.0))
    (mark,) = execution.execute(Task(cells, "ada")).marks
    assert mark.points == 0
    assert mark.reason


def test_a_student_who_ends_their_process_raises_nothing() -> None:
    cells = (
        Cell("answer", "f", "import os\ndef f():\n    os._exit(1)"),
        Cell("check", "c", "from autograder import expect\nexpect.raises(Exception, f)", 1.0),
    )
    (mark,) = execution.execute(Task(cells, "ada")).marks
    assert mark.points == 0
    assert "Step 1 failed" in mark.reason


LIAR = """
import os

LIE = b"Stack (most recent call first)\\n  File \\"x\\", line " + b"9" * 5000 + b" in f\\n"


def f(host, port):
    for number in range(3, 12):
        try:
            os.write(number, LIE)
        except OSError:
            pass
    os.read(os.pipe()[0], 1)
"""


def test_a_stack_that_the_program_wrote_itself_breaks_nothing() -> None:
    check = "from autograder import serve\nwith serve(f) as server:\n    pass"
    (mark,) = execution.execute(Task((Cell("answer", "f", LIAR), Cell("check", "c", check, 1.0)), "ada")).marks
    assert mark.points == 0
    assert "Step 1 failed" in mark.reason


@pytest.mark.parametrize(
    "text", ["[a](javascript:alert(1))", "<script>x</script>", "`` ` ``", "$\\\\href{x}{y}$", "a\nb"]
)
def test_a_reason_is_shown_as_it_is(text: str) -> None:
    page = nbconvert_filters.markdown2html(trusted.literal(text))
    assert "<a " not in page
    assert "<script" not in page
    assert "<code" not in page
