"""The command line on a tiny course: what it prints, what it leaves behind, and its exit statuses."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import hand_in, tiny_notebook

from autograder import grading, jupyter, lab, notebooks, rehearsal
from autograder.course import Course, UsageError, find

COMMANDS = ("lab", "run", "doctor", "grade", "release", "tidy")


# --- all commands


@pytest.mark.parametrize("words", [["--help"], ["run", "missing.py", "f"]])
def test_the_installed_command_and_the_module_are_one(tmp_path, words):
    shown = [
        subprocess.run([*start, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        for start in (
            [sys.executable, "-m", "autograder"],
            [shutil.which("autograder", path=sysconfig.get_path("scripts"))],
        )
    ]
    assert [each.returncode for each in shown] == [0 if words == ["--help"] else 2] * 2
    assert shown[0].stdout == shown[1].stdout
    assert shown[0].stderr == shown[1].stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_and_the_exit_statuses(autograder, tmp_path, command):
    shown = autograder(command, "--help", at=tmp_path)
    assert shown.returncode == 0
    assert f"example:\n  autograder {command}" in shown.stdout
    assert "exit status:" in shown.stdout


@pytest.mark.parametrize("words", [[], ["nonsense"], ["grade"], ["release", "--nonsense"]])
def test_wrong_words_are_a_usage_error(autograder, tmp_path, words):
    shown = autograder(*words, at=tmp_path)
    assert shown.returncode == 2
    assert "usage: autograder" in shown.stderr


@pytest.mark.parametrize("words", [["lab"], ["release"], ["grade", "01-tiny"], ["tidy"]])
def test_outside_a_course_the_message_says_where_to_go(autograder, tmp_path, words):
    shown = autograder(*words, at=tmp_path)
    assert shown.returncode == 2
    assert "is not in a course" in shown.stderr
    assert "--course" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_the_course_is_found_from_a_folder_inside_it(tiny_course):
    assert find(tiny_course.source / "01-tiny") == tiny_course


# --- release


def test_release_is_the_same_to_the_byte_again_and_in_another_folder(released, autograder, tmp_path):
    path = released.release / "01-tiny" / "01-tiny.ipynb"
    first = path.read_bytes()
    assert "is what source/ gives" in autograder("release", at=released.root).stdout
    assert path.read_bytes() == first
    other = Course(tmp_path.resolve() / "another place")
    shutil.copytree(released.source, other.source)
    shutil.copyfile(released.root / "nbgrader_config.py", other.root / "nbgrader_config.py")
    assert autograder("release", at=other.root).returncode == 0
    assert (other.release / "01-tiny" / "01-tiny.ipynb").read_bytes() == first
    assert b"\r" not in first


def test_a_release_is_in_normal_form_and_holds_neither_solution_nor_hidden_test(released):
    path = released.release / "01-tiny" / "01-tiny.ipynb"
    notebook = notebooks.read(path)
    assert not list(notebooks.faults(notebook, "exercise"))
    assert notebooks.text(notebook) == path.read_text(encoding="utf-8")
    assert notebook.cells[1].source == "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert "x + x" not in path.read_text(encoding="utf-8")
    assert "double(-3)" not in path.read_text(encoding="utf-8")


def test_release_check_passes_on_what_release_made_and_leaves_the_gradebook_alone(released, autograder):
    before = released.gradebook.read_bytes()
    assert autograder("release", "--check", at=released.root).returncode == 0
    assert released.gradebook.read_bytes() == before
    released.gradebook.unlink()
    assert autograder("release", "--check", at=released.root).returncode == 0
    assert not released.gradebook.exists()


def test_release_check_lists_what_differs(released, autograder):
    path = released.release / "01-tiny" / "01-tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("Doubling", "Trebling"), encoding="utf-8")
    (released.release / "01-tiny" / "notes.txt").write_text("left here", encoding="utf-8")
    (released.release / "00-gone").mkdir()
    (released.release / "00-gone" / "00-gone.ipynb").write_text("{}", encoding="utf-8")
    shown = autograder("release", "--check", at=released.root)
    assert shown.returncode == 1
    assert shown.stdout.splitlines() == [
        "release/01-tiny/01-tiny.ipynb: differs",
        "release/01-tiny/notes.txt: left over",
        "release/00-gone/00-gone.ipynb: left over",
    ]
    assert "Generate it: autograder release" in shown.stderr
    assert autograder("release", at=released.root).returncode == 0
    assert autograder("release", "--check", at=released.root).returncode == 0


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("# BEGIN SOLUTION", "the marker BEGIN SOLUTION"),
        ("what about return x + x then?", "a line of a solution or hidden test: return x + x"),
        ("assert double(-3) == -6", "a line of a solution or hidden test: assert double(-3) == -6"),
    ],
)
def test_release_check_finds_a_leak(released, autograder, text, leak):
    path = released.release / "01-tiny" / "01-tiny.ipynb"
    notebook = notebooks.read(path)
    notebook.cells[0].source += f"\n{text}"
    notebooks.write(notebook, path)
    shown = autograder("release", "--check", at=released.root)
    assert shown.returncode == 1
    assert leak in shown.stderr


def test_a_companion_file_with_the_solution_is_a_leak(tiny_course, autograder):
    (tiny_course.source / "01-tiny" / "01-tiny.py").write_text("    return x + x\n", encoding="utf-8")
    shown = autograder("release", at=tiny_course.root)
    assert shown.returncode == 1
    assert "01-tiny/01-tiny.py holds a line of a solution" in shown.stderr


def test_a_failed_release_leaves_the_old_one(released, autograder):
    path = released.source / "01-tiny" / "01-tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("### END SOLUTION", ""), encoding="utf-8")
    shown = autograder("release", at=released.root)
    assert shown.returncode == 2
    assert "no end solution statement found" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert (released.release / "01-tiny" / "01-tiny.ipynb").is_file()


# --- grade


@pytest.mark.usefixtures("sandbox_needed")
def test_a_class_is_graded_and_one_bad_submission_stops_nobody(released, autograder):
    hand_in(released, "ada", "return 2 * x")
    hand_in(released, "bob", "return 2 * abs(x)")
    hand_in(released, "cyd", None)
    hand_in(released, "dan", None).write_text('{"cells": [', encoding="utf-8")
    hand_in(released, "eve", None).rename(released.submitted / "eve" / "01-tiny" / "mine.ipynb")
    shown = autograder("grade", "01-tiny", at=released.root)
    assert shown.returncode == 1
    assert _table(shown.stdout) == {
        "student": ["double / 5", "total / 5"],
        "ada": ["5", "5"],
        "bob": ["2", "2"],
        "cyd": ["0", "0"],
        "dan": ["–", "set aside"],
        "eve": ["–", "set aside"],
    }
    assert "set aside: dan: 01-tiny.ipynb is not a notebook: it is not JSON (line 1)." in shown.stderr
    assert "set aside: eve: no 01-tiny.ipynb was handed in; the folder holds: mine.ipynb." in shown.stderr
    assert _scores(released) == {"ada": 5.0, "bob": 2.0, "cyd": 0.0, "dan": None}
    pages = {path.parent.parent.name: path for path in released.feedback.glob("*/01-tiny/01-tiny.html")}
    assert set(pages) == {"ada", "bob", "cyd", "dan"}
    assert "Set aside for a person, without a mark." in pages["dan"].read_text(encoding="utf-8")
    bob = pages["bob"].read_text(encoding="utf-8")
    assert "2.0 / 5.0" in bob
    assert "double(-3)" not in bob
    assert "A hidden check raised AssertionError" in bob


@pytest.mark.usefixtures("sandbox_needed")
def test_a_regrade_gives_the_same_marks_and_follows_a_new_submission(released, autograder):
    hand_in(released, "ada", "return 2 * abs(x)")
    for _ in range(2):
        shown = autograder("grade", "01-tiny", "--no-feedback", at=released.root)
        assert shown.returncode == 0
        assert _scores(released) == {"ada": 2.0}
    assert not released.feedback.exists()
    hand_in(released, "ada", "return 2 * x")
    autograder("grade", "01-tiny", "--student", "ada", "--no-feedback", at=released.root)
    assert _scores(released) == {"ada": 5.0}


@pytest.mark.usefixtures("sandbox_needed")
def test_a_deleted_check_comes_back_and_a_changed_one_is_put_right(released, autograder):
    path = hand_in(released, "ada", "return 2 * abs(x)")
    notebook = notebooks.read(path)
    del notebook.cells[3]
    notebook.cells[2].source = "pass"
    notebook.cells[2].metadata.nbgrader["points"] = 100
    notebooks.write(notebook, path)
    assert autograder("grade", "01-tiny", "--no-feedback", at=released.root).returncode == 0
    assert _scores(released) == {"ada": 2.0}


@pytest.mark.usefixtures("sandbox_needed")
def test_a_mended_check_reaches_a_class_that_was_graded(released, autograder):
    hand_in(released, "ada", "return 2 * abs(x)")
    autograder("grade", "01-tiny", "--no-feedback", at=released.root)
    source = released.source / "01-tiny" / "01-tiny.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace("double(-3) == -6", "double(3) == 6"))
    assert autograder("grade", "01-tiny", "--no-feedback", at=released.root).returncode == 0
    assert _scores(released) == {"ada": 5.0}


@pytest.mark.usefixtures("sandbox_needed")
def test_cells_added_after_grading_are_refused_with_what_to_do(released, autograder):
    hand_in(released, "ada", "return 2 * x")
    autograder("grade", "01-tiny", "--no-feedback", at=released.root)
    notebook = tiny_notebook()
    notebook.cells[3].metadata.nbgrader["grade_id"] = "renamed"
    notebooks.write(notebook, released.source / "01-tiny" / "01-tiny.ipynb")
    shown = autograder("grade", "01-tiny", at=released.root)
    assert shown.returncode == 2
    assert "delete it and grade again" in shown.stderr


@pytest.mark.usefixtures("sandbox_needed")
def test_a_submission_that_turns_bad_keeps_its_earlier_marks(released, autograder):
    path = hand_in(released, "ada", "return 2 * x")
    autograder("grade", "01-tiny", "--no-feedback", at=released.root)
    path.write_bytes(b"\xff\xfe\x00")
    shown = autograder("grade", "01-tiny", "--no-feedback", at=released.root)
    assert shown.returncode == 1
    assert "it holds NUL bytes. (the gradebook keeps the earlier marks)" in shown.stderr
    assert _scores(released) == {"ada": 5.0}


def test_what_cannot_be_graded_is_said_with_what_there_is(released, autograder):
    unknown = autograder("grade", "02-other", at=released.root)
    assert unknown.returncode == 2
    assert "there is no source/02-other/02-other.ipynb. Assignments: 01-tiny." in unknown.stderr
    nobody = autograder("grade", "01-tiny", at=released.root)
    assert nobody.returncode == 2
    assert "nobody has handed in 01-tiny" in nobody.stderr
    hand_in(released, "ada", None)
    stranger = autograder("grade", "01-tiny", "--student", "zoe", at=released.root)
    assert stranger.returncode == 2
    assert "there is no submitted/zoe/01-tiny. Handed in by: ada." in stranger.stderr


def test_marks_are_summed_by_the_solution_cell_above_them():
    assert grading.exercises_of(tiny_notebook()) == {"double-shown": "double", "double-hidden": "double"}


def _table(printed: str) -> dict[str, list[str]]:
    """The table's rows by their first cell; a heading of two lines is joined."""
    rows: dict[str, list[str]] = {}
    heading: list[list[str]] = []
    for line in printed.splitlines():
        if line.startswith("┃"):
            heading.append([cell.strip() for cell in line.strip("┃").split("┃")])
        elif line.startswith("│"):
            name, *cells = (cell.strip() for cell in line.strip("│").split("│"))
            rows[name] = cells
    name, *titles = [" ".join(parts).strip() for parts in zip(*heading, strict=True)]
    return {name: titles, **rows}


def _scores(course: Course) -> dict[str, float | None]:
    """The gradebook's totals, read without nbgrader; None where every mark waits for a person."""
    database = sqlite3.connect(course.gradebook)
    try:
        rows = database.execute(
            "select submitted_assignment.student_id, sum(grade.auto_score) from grade"
            " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
            " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id group by 1"
        )
        return dict(rows.fetchall())
    finally:
        database.close()


# --- run


@pytest.fixture
def sketch(tmp_path) -> Path:
    path = tmp_path / "sketch.py"
    path.write_text(
        "import dataclasses\n\n"
        "@dataclasses.dataclass\nclass Pair:\n    left: int\n    right: int\n\n"
        "def add(a, b):\n    return Pair(a, b).left + b\n\n"
        "def fails(host, port):\n    raise OSError(f'no {host}:{port}')\n\n"
        "def kind(x):\n    return type(x).__name__, x\n\n"
        "def same(x):\n    return x\n\n"
        "add('this would', 1)\n",
        encoding="utf-8",
    )
    return path


def test_run_prints_the_value_and_takes_integers_as_integers(autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "add", "2", "-5", at=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.splitlines() == ["add(2, -5) is running; stop with Ctrl-C", "add returned -3"]


def test_run_takes_bytes_as_python_writes_them(autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "kind", r"b'hello\r\n'", at=tmp_path)
    assert shown.stdout.splitlines()[-1] == r"kind returned ('bytes', b'hello\r\n')"
    shown = autograder("run", sketch, "kind", "b", at=tmp_path)
    assert shown.stdout.splitlines()[-1] == "kind returned ('str', 'b')"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (r"b'it\'s'", b"it's"),
        (r'b"\x00"', b"\0"),
        ("bytes(3)", bytes(3)),
        ("bytes(x)", "bytes(x)"),
        ("'5'", "'5'"),
        ("", ""),
    ],
)
def test_a_word_is_an_integer_or_bytes_or_text(word, value):
    assert rehearsal.argument(word) == value


@pytest.mark.parametrize("word", ["b'hello", "b'", r"b'\x'", "b'é'", "b'a' + b'b'", "b'a'[0]"])
def test_run_says_how_bytes_are_written(word, autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "kind", word, at=tmp_path)
    assert shown.returncode == 2
    assert "is not bytes as Python writes them. In a shell, put quotes around: \"b'hello'\"" in shown.stderr


def test_run_shows_of_megabytes_their_number(autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "same", "bytes(6000000)", at=tmp_path)
    assert shown.stdout.splitlines() == [
        "same(6,000,000 bytes) is running; stop with Ctrl-C",
        "same returned 6,000,000 bytes",
    ]


def test_run_tells_an_exception_by_the_students_own_lines(autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "fails", "127.0.0.1", "7007", at=tmp_path)
    assert shown.returncode == 1
    assert "talk to it with: nc 127.0.0.1 7007; stop with Ctrl-C" in shown.stdout
    assert f'File "{sketch}", line 12, in fails' in shown.stderr
    assert shown.stderr.rstrip().endswith("OSError: no 127.0.0.1:7007")
    assert "rehearsal.py" not in shown.stderr
    assert "__main__.py" not in shown.stderr


def test_run_lists_the_functions_there_are(autograder, sketch, tmp_path):
    shown = autograder("run", sketch, "subtract", at=tmp_path)
    assert shown.returncode == 2
    assert "defines no function subtract. It defines: add, fails, kind, same." in shown.stderr


def test_run_leaves_out_checks_and_magics_of_a_notebook(tmp_path, autograder):
    notebook = tiny_notebook()
    notebook.cells[1].source = "%load_ext nothing\n!pip list\ndef double(x):\n    return x + x"
    notebook.cells[2].source = "raise SystemExit('a check ran')"
    notebooks.write(notebook, tmp_path / "n.ipynb")
    shown = autograder("run", "n.ipynb", "double", "4", at=tmp_path)
    assert shown.stdout.splitlines()[-1] == "double returned 8"


def test_run_names_the_cell_that_does_not_load(tmp_path, autograder):
    notebook = tiny_notebook()
    notebook.cells[1].source = "limit = unknown + 1"
    notebooks.write(notebook, tmp_path / "n.ipynb")
    shown = autograder("run", "n.ipynb", "double", "4", at=tmp_path)
    assert shown.returncode == 2
    assert "n.ipynb, cell 2 (double) does not load; mend it first." in shown.stderr
    assert "NameError: name 'unknown' is not defined" in shown.stderr
    assert "rehearsal.py" not in shown.stderr


@pytest.mark.parametrize("cell", ["%%bash\nfor x in *; do echo; done", "%%writefile a.txt\nnot python at all"])
def test_a_cell_in_another_language_is_passed_over(tmp_path, cell):
    notebook = tiny_notebook()
    notebook.cells[1].source = cell
    notebooks.write(notebook, tmp_path / "n.ipynb")
    with pytest.raises(UsageError, match="defines no function double"):
        rehearsal.function_of(rehearsal.load(tmp_path / "n.ipynb"), "double")


def _udp_server(host, port):
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind((host, port))


def _tcp_client(host, port, data=b""):
    import socket

    socket.socket().connect((host, port))


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (_udp_server, "talk to it with: nc -u 127.0.0.1 7007"),
        (_tcp_client, "it expects a server there: nc -l 127.0.0.1 7007"),
    ],
)
def test_run_says_how_to_talk_to_each_kind_of_program(function, hint):
    assert hint in rehearsal.announcement(function, ("127.0.0.1", 7007))


def test_run_tells_a_client_with_further_arguments_of_its_server():
    told = rehearsal.announcement(_tcp_client, ("127.0.0.1", 7007, b"hello"))
    assert told.startswith("_tcp_client('127.0.0.1', 7007, b'hello') is running; it expects a server there: nc -l ")
    assert "nc" not in rehearsal.announcement(rehearsal.argument, ("127.0.0.1", 7007, b"hello"))


# --- doctor, lab, tidy


def test_doctor_tells_of_everything_and_is_content_here(tiny_course, autograder):
    shown = autograder("doctor", at=tiny_course.root)
    assert shown.returncode == 0, shown.stdout
    for subject in ("Python 3.", "package nbgrader", "kernel python3", "Validate", "loopback 127.0.0.1",
                    "loopback ::1", "loopback 127.0.0.2", "nc", "curl", "dig", "tftp", "gradebook", "bubblewrap",
                    "strace", "chromium"):  # fmt: skip
        assert subject in shown.stdout
    assert "Ready for the student." in shown.stdout
    assert not tiny_course.gradebook.exists()


def test_lab_copies_new_assignments_and_never_writes_over_work(released, monkeypatch):
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    assert lab.prepare(released).copied == ("01-tiny",)
    mine = released.work / "01-tiny" / "01-tiny.ipynb"
    mine.write_text("my work", encoding="utf-8")
    ready = lab.prepare(released)
    assert (ready.copied, ready.kept) == ((), ("01-tiny",))
    assert mine.read_text(encoding="utf-8") == "my work"


def test_lab_opens_the_first_lecture_when_there_is_one(released):
    assert lab.first_document(released) == ""
    (released.work / "01-tiny").mkdir(parents=True)
    (released.work / "01-tiny" / "01-tiny.ipynb").touch()
    assert lab.first_document(released) == "work/01-tiny/01-tiny.ipynb"
    released.lectures.mkdir()
    (released.lectures / "01-first.ipynb").touch()
    assert lab.first_document(released) == "notebooks/01-first.ipynb"
    words = lab.command(released, port=8899, browser=False, rest=["--ServerApp.ip=::1"])
    assert "--LabApp.default_url=/lab/tree/notebooks/01-first.ipynb" in words
    assert {"--port=8899", "--no-browser", "--ServerApp.ip=::1"} <= set(words)


@pytest.mark.parametrize(
    ("program", "ours"), [("python", True), ("python3", True), ("/elsewhere/bin/python3", False), ("julia", False)]
)
def test_another_environments_kernel_is_recognised(program, ours):
    assert jupyter.kernel_is_ours(program) is ours


def test_lab_mends_the_kernel_and_the_validate_button(released, monkeypatch):
    program = ["/elsewhere/bin/python3"]
    calls = []
    monkeypatch.setattr(jupyter, "kernel_program", lambda: program[0])
    monkeypatch.setattr(jupyter, "validate_is_enabled", lambda: False)
    monkeypatch.setattr(jupyter, "enable_validate", lambda: calls.append("validate"))
    monkeypatch.setattr(jupyter, "install_kernel", lambda: None)
    with pytest.raises(UsageError, match="starts /elsewhere/bin/python3"):
        lab.prepare(released)
    monkeypatch.setattr(jupyter, "install_kernel", lambda: program.__setitem__(0, sys.executable))
    assert len(lab.prepare(released).repaired) == 2
    assert calls == ["validate"]


def test_tidy_brings_notebooks_into_normal_form(tiny_course, autograder):
    path = tiny_course.source / "01-tiny" / "01-tiny.ipynb"
    good = path.read_bytes()
    notebook = notebooks.read(path)
    notebook.cells[1].metadata["collapsed"] = True
    notebook.cells[1].execution_count = 7
    notebooks.write(notebook, path)
    checked = autograder("tidy", "--check", at=tiny_course.root)
    assert checked.returncode == 1
    assert "execution count 7, not None" in checked.stdout
    assert autograder("tidy", at=tiny_course.root).returncode == 0
    assert path.read_bytes() == good


def test_tidy_executes_lectures(tiny_course, autograder):
    tiny_course.lectures.mkdir()
    path = tiny_course.lectures / "01-sums.ipynb"
    notebook = tiny_notebook()
    notebook.cells = notebook.cells[:2]
    notebook.cells[1].source = "print('one')\nprint('two')\n1 + 1"
    notebooks.write(notebook, path)
    assert autograder("tidy", "--execute", path, at=tiny_course.root).returncode == 0
    cell = notebooks.read(path).cells[1]
    assert cell.execution_count == 1
    assert [output.get("text", output.get("data")) for output in cell.outputs] == ["one\ntwo\n", {"text/plain": "2"}]
    notebook.cells[1].source = "1 / 0"
    notebooks.write(notebook, path)
    shown = autograder("tidy", "--execute", path, at=tiny_course.root)
    assert shown.returncode == 2
    assert "ZeroDivisionError" in shown.stderr


def test_a_fault_of_our_own_is_told_as_one_without_a_traceback(released, autograder, monkeypatch):
    monkeypatch.setattr("autograder.release.compare", lambda *given: 1 / 0)
    shown = autograder("release", "--check", at=released.root)
    assert shown.returncode == 3
    assert "a fault of the autograder itself, not of your work: ZeroDivisionError" in shown.stderr
    assert "Traceback" not in shown.stderr
