"""What students hand in: read whatever it is, and rebuilt so that only answers and own cells are theirs.

Numbers in headings are rows of the catalogue of what a grader must survive.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import random
import string
import warnings
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, fill_in, grading_cell, tiny_notebook
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder import notebooks, submission
from autograder.submission import SetAside, read, rebuild, roles

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's imports warn about SQLAlchemy 2
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells
    from nbgrader.utils import compute_checksum, determine_grade

NAME = "03-call-flow"
STUB = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
ANSWERS = (ROOT / "tests" / "students" / NAME / "correct_loop.py").read_text(encoding="utf-8")
NEEDS_LINKS = pytest.mark.skipif(os.name == "nt", reason="links, pipes and such names need rights there, or are none")


def as_nbgrader_keeps_it(source):
    """The instructor's copy: what nbgrader saves in its gradebook when it generates the assignment."""
    notebook = copy.deepcopy(source)
    for step in (ClearSolutions(code_stub=STUB), LockCells(), ComputeChecksums()):
        notebook, _ = step.preprocess(notebook, {})
    return notebook


INSTRUCTOR = as_nbgrader_keeps_it(notebooks.read(ROOT / "source" / NAME / f"{NAME}.ipynb"))
RELEASE = notebooks.read(ROOT / "release" / NAME / f"{NAME}.ipynb")
KNOWN = frozenset(cell.source for cell in RELEASE.cells if cell.cell_type == "markdown")
TINY = as_nbgrader_keeps_it(tiny_notebook())


@pytest.fixture
def theirs():
    """A release that a student has filled in."""
    notebook = copy.deepcopy(RELEASE)
    fill_in(notebook, ANSWERS)
    return notebook


@pytest.fixture
def path(tmp_path) -> Path:
    """Where anna's notebook lies in a course; its folder is there, the file is not."""
    path = tmp_path / "submitted" / "anna" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    return path


def root(path: Path) -> Path:
    return path.parents[3]


def named(notebook, name):
    """The one cell with this grade_id."""
    (cell,) = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    return cell


def place(notebook, name) -> int:
    return notebook.cells.index(named(notebook, name))


def rebuilt(handed_in, instructor=INSTRUCTOR, known=KNOWN):
    """The submission rebuilt, after what must hold for each was looked at."""
    before = copy.deepcopy((instructor, handed_in))
    result = rebuild(instructor, handed_in, known=known)
    assert (instructor, handed_in) == before
    notebook = result.notebook
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    notebooks.text(notebook).encode("utf-8")
    assert notebook.metadata == instructor.metadata
    managed = [cell for cell in instructor.cells if "nbgrader" in cell.metadata]
    kept = [cell for cell in notebook.cells if cell.metadata]
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in kept] == [
        (cell.id, cell.cell_type, cell.metadata) for cell in managed
    ]
    for cell, original in zip(kept, managed, strict=True):
        if not original.metadata.nbgrader.solution:
            assert cell.source == original.source
            assert compute_checksum(cell) == original.metadata.nbgrader.checksum
    assert all(cell.outputs == [] for cell in notebook.cells if cell.cell_type == "code")
    assert len(roles(notebook)) == len(notebook.cells)
    return result


def rebuilt_from(path: Path, **settings):
    return rebuilt(read(path, root(path)), **settings)


def reason(path: Path, content: bytes | str | None = None) -> str:
    """Why this content is set aside."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SetAside) as raised:
        read(path, root(path))
    told = str(raised.value)
    assert str(root(path)) not in told
    assert told.endswith(".")
    assert "\n" not in told
    return told


# Honest work


def test_an_untouched_release_is_the_instructors_notebook(path):
    notebooks.write(RELEASE, path)
    result = rebuilt_from(path)
    assert result.notes == ()
    assert [cell.source for cell in result.notebook.cells[:-1]] == [cell.source for cell in INSTRUCTOR.cells[:-1]]
    assert result.notebook.cells[-1].source == RELEASE.cells[-1].source  # a plain cell of the release, as it was


def test_a_filled_in_release_keeps_every_answer(path, theirs):
    notebooks.write(theirs, path)
    result = rebuilt_from(path)
    assert result.notes == ()
    for cell in theirs.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert named(result.notebook, cell.metadata.nbgrader.grade_id).source == cell.source
            ast.parse(cell.source)


def test_every_exercise_of_the_course_comes_through_untouched():
    for source in sorted((ROOT / "source").glob("*/*.ipynb")):
        release = notebooks.read(ROOT / "release" / source.parent.name / source.name)
        assert rebuilt(release, as_nbgrader_keeps_it(notebooks.read(source))).notes == ()


def test_own_cells_stay_behind_the_cell_they_followed(theirs):
    theirs.cells.insert(0, new_code_cell("import os", id="mine"))
    theirs.cells.insert(place(theirs, "echo") + 1, new_code_cell("print(1)", id="echo", metadata={"tags": ["x"]}))
    theirs.cells.insert(place(theirs, "echo") + 2, new_raw_cell("two"))
    theirs.cells.insert(place(theirs, "echo-text") + 1, new_markdown_cell("three"))
    notebook = rebuilt(theirs).notebook
    assert notebook.cells[0].source == "import os"
    at = place(notebook, "echo")
    assert [cell.cell_type for cell in notebook.cells[at : at + 5]] == ["code", "code", "markdown", "code", "markdown"]
    assert [cell.source.split("\n")[-2:-1] or cell.source for cell in notebook.cells[at + 1 : at + 3]] == [
        "print(1)",
        ["two"],
    ]
    assert "three" in notebook.cells[at + 4].source
    assert all(cell.metadata == {} for cell in (notebook.cells[0], *notebook.cells[at + 1 : at + 3]))


def test_roles(theirs):
    theirs.cells.insert(place(theirs, "echo") + 1, new_code_cell("print(1)"))
    notebook = rebuilt(theirs).notebook
    told = dict(zip((cell.id for cell in notebook.cells), roles(notebook), strict=True))
    asked = ("title", "imports", "echo", "echo-text", "what-surprised-you")
    found = [told.get(name, "text") for name in asked]
    assert found == ["text", "setup", "answer", "check", "text"]
    assert list(told.values()).count("extra") == 1


def test_the_same_submission_rebuilds_to_the_same_bytes(theirs):
    theirs.cells.insert(0, new_code_cell("import os"))
    assert notebooks.text(rebuilt(theirs).notebook) == notebooks.text(rebuilt(theirs).notebook)


# 53, 62 and what else is no notebook


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("print('hello')", "not JSON (line 1)"),
        (notebooks.text(RELEASE)[:20_000], "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"nbformat": 4, "cells": [{"metadata": ' + '{"a":' * 100_000, "nested too deeply"),
        (b"\xff\xfe{\x00}\x00", "NUL bytes"),
        (notebooks.text(RELEASE).encode("utf-16"), "NUL bytes"),
        (notebooks.text(RELEASE).encode("latin-1", "replace").replace(b"# 03", b"# \xe9"), "not UTF-8"),
        (b"PK\x03\x04\xff", "not UTF-8"),
        ("{}", "its JSON is something else"),
        ("[]", "its JSON is something else"),
        ("4", "its JSON is something else"),
        ('{"nbformat": 4}', "no list of cells"),
        ('{"nbformat": 4, "cells": {}}', "no list of cells"),
        ('{"nbformat": 3, "worksheets": []}', "not a notebook of format 4 but of 3; open it in JupyterLab"),
        ('{"nbformat": "<b>", "cells": []}', "of another kind"),
        ('{"nbformat": 4, "cells": [' + "9" * 5000 + "]}", "thousands of digits"),
        (b"\0" * 10, "NUL bytes"),
    ],
)
def test_what_is_no_notebook_is_set_aside(path, content, why):
    assert why in reason(path, content)


def test_a_byte_order_mark_does_no_harm(path, theirs):
    path.write_bytes(b"\xef\xbb\xbf" + notebooks.text(theirs).encode())
    assert rebuilt_from(path).notes == ()


def test_half_characters_and_nul_in_a_cell_become_replacement_characters(path, theirs):
    named(theirs, "echo").source = "echo = 'A\ud800B\0'"
    named(theirs, "title").metadata.nbgrader["grade_id"] = "\udc00"
    path.write_text(json.dumps(theirs), encoding="utf-8")  # written as \ud800 and \u0000
    assert named(rebuilt_from(path).notebook, "echo").source == "echo = 'A\ufffdB\ufffd'"
    assert named(rebuilt(theirs).notebook, "echo").source == "echo = 'A\ufffdB\ufffd'"


# 54 missing cells


def test_missing_cells_are_put_back_and_told(theirs):
    gone = ("title", "imports", "echo", "echo-exact")
    theirs.cells = [cell for cell in theirs.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    result = rebuilt(theirs)
    assert result.notes == (
        "the text cell title was missing; it has been put back",
        "the setup cell imports was missing; it has been put back",
        "the answer echo was missing; the empty one has been put back",
        "the check echo-exact was missing; it has been put back",
    )
    assert named(result.notebook, "echo").source == named(INSTRUCTOR, "echo").source


def test_a_function_written_in_a_cell_of_ones_own_is_not_undone_by_the_stub(theirs):
    answer = named(theirs, "echo")
    theirs.cells[place(theirs, "echo")] = new_code_cell(answer.source)
    notebook = rebuilt(theirs).notebook
    at = place(notebook, "echo")
    assert notebook.cells[at + 1].source == answer.source
    assert roles(notebook)[at : at + 3] == ("answer", "extra", "check")


def test_checks_alone_with_own_cells_between_them_work_too(theirs):
    """Somebody started from an empty notebook: the answers are their own cells, the rest but the checks is missing."""
    theirs.cells = [
        new_code_cell(cell.source) if cell.metadata.nbgrader.solution else cell
        for cell in theirs.cells[:-1]
        if cell.metadata.nbgrader.solution or cell.metadata.nbgrader.grade
    ]
    notebook = rebuilt(theirs).notebook
    told = roles(notebook)
    for name in ("daytime", "quote", "udp", "echo", "client"):
        at = place(notebook, name)
        assert told[at : at + 3] == ("answer", "extra", "check"), name


# 55 copies


def test_of_copies_of_an_answer_the_first_that_is_filled_in_counts(theirs):
    answer = copy.deepcopy(named(theirs, "echo"))
    named(theirs, "echo").source = named(RELEASE, "echo").source + "\n"
    blank, other, raw = copy.deepcopy(answer), copy.deepcopy(answer), copy.deepcopy(answer)
    blank.source, other.source, raw.source = "  ", "echo_server = None", "gone"
    raw.cell_type = "raw"
    theirs.cells += [blank, answer, other, copy.deepcopy(named(RELEASE, "echo")), raw]
    result = rebuild(INSTRUCTOR, theirs)
    assert result.notes == ("the answer echo was there 6 times; the first one that is filled in counts",)
    at = place(result.notebook, "echo")
    assert result.notebook.cells[at].source == answer.source
    assert result.notebook.cells[at + 1].source == "echo_server = None"
    assert roles(result.notebook)[at : at + 3] == ("answer", "extra", "check")
    assert len(result.notebook.cells) == len(RELEASE.cells) + 1


def test_an_answer_that_was_split_in_two_stays_together(theirs):
    first = named(theirs, "echo")
    second = copy.deepcopy(first)
    first.source, second.source = "def echo_server(host, port):\n    pass", "def helper():\n    pass"
    theirs.cells.insert(place(theirs, "echo") + 1, second)
    notebook = rebuilt(theirs).notebook
    at = place(notebook, "echo")
    assert [cell.source for cell in notebook.cells[at : at + 2]] == [first.source, second.source]


def test_copies_of_checks_and_texts_are_left_out(theirs):
    for name in ("echo-text", "title"):
        theirs.cells.append(copy.deepcopy(named(RELEASE, name)))
        theirs.cells[-1].source += "\nassert True"
    result = rebuilt(theirs)
    assert result.notes == (
        "the text cell title was there 2 times; the copies are left out",
        "the check echo-text was there 2 times; the copies are left out",
    )
    assert len(result.notebook.cells) == len(RELEASE.cells)


# 56 ids, points and flags


def test_points_flags_and_text_of_a_check_are_the_instructors(theirs):
    check = named(theirs, "echo-text")
    check.metadata.nbgrader.update(points=1000, locked=False)
    check.source = "pass"
    named(theirs, "echo").metadata.nbgrader.update(grade=True, points=50, checksum="0")
    result = rebuilt(theirs)
    assert result.notes == (
        "the answer echo had another grade; the instructor's counts",
        "the check echo-text had another locked, points; the instructor's counts",
        "the check echo-text was changed; the instructor's text has been put back",
    )


def test_a_check_made_an_answer_cell_stays_a_check(theirs):
    check = named(theirs, "echo-text")
    check.metadata.nbgrader.update(solution=True, grade=False, locked=False)
    check.source = "print('full marks')"
    assert "the check echo-text had another grade, solution, locked; the instructor's counts" in rebuilt(theirs).notes


def test_an_answer_that_lost_its_grade_id_is_known_by_its_cell_id(theirs):
    answer = named(theirs, "echo")
    answer.metadata.nbgrader["grade_id"] = "echo-2"
    quote = named(theirs, "quote")
    quote.metadata = nbformat.from_dict({})
    result = rebuilt(theirs)
    assert named(result.notebook, "echo").source == answer.source
    assert named(result.notebook, "quote").source == quote.source
    assert result.notes == (
        "the answer quote had another grade_id, grade, solution, locked; the instructor's counts",
        "the answer echo had another grade_id; the instructor's counts",
    )


def test_a_check_of_ones_own_gives_no_points(theirs):
    theirs.cells.insert(3, grading_cell("pass", "bonus", grade=True, points=100))
    theirs.cells.insert(3, grading_cell("pass", "bonus", grade=True, points=100))
    result = rebuilt(theirs)
    assert result.notes == (
        "cells with grade_ids that this assignment does not have: 2; they count as the student's own",
    )
    assert roles(result.notebook)[3:5] == ("extra", "extra")


def test_cells_come_back_in_the_instructors_order(theirs):
    theirs.cells.reverse()
    assert rebuilt(theirs).notes[-1] == "cells had changed places; they are back in the instructor's order"


# 57 types


def test_an_answer_turned_into_markdown_is_code_again(path, theirs):
    answer, check = named(theirs, "echo"), named(theirs, "echo-text")
    for cell in (answer, check):
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]
    notebooks.write(theirs, path)
    result = rebuilt_from(path)
    assert named(result.notebook, "echo").source == answer.source
    assert result.notes == (
        "the answer echo had become a markdown cell; it is a code cell again",
        "the check echo-text had become a markdown cell; it is a code cell again",
    )


def test_a_type_that_does_not_exist_loses_no_answer(path, theirs):
    answer = named(theirs, "echo")
    theirs.cells[place(theirs, "echo")] = {**answer, "cell_type": ["code"]}
    path.write_text(json.dumps(theirs), encoding="utf-8")
    assert named(rebuilt_from(path).notebook, "echo").source == answer.source


# 58 outputs


def test_a_hundred_megabytes_of_outputs_are_stripped(path, theirs):
    lines = ["spam, [and] eggs\n" * 60] * 100_000
    named(theirs, "echo").outputs = [{"output_type": "stream", "name": "stdout", "text": lines}]
    path.write_text(json.dumps(theirs), encoding="utf-8")
    assert path.stat().st_size > 100_000_000
    assert rebuilt_from(path).notes == ()


def test_too_many_values_are_not_even_read(path, theirs, monkeypatch):
    few = json.dumps(theirs)
    values = sum(few.count(mark) for mark in ",[{")
    monkeypatch.setattr(submission, "MOST_VALUES", values)
    named(theirs, "echo").outputs = [{"text": "[,{" * values + '\\"'}]
    path.write_text(json.dumps(theirs), encoding="utf-8")
    monkeypatch.setattr(submission, "MOST_VALUES", values + 2)  # the output and its text
    assert rebuilt_from(path).notes == ()
    named(theirs, "echo").outputs = [[]] * values
    assert f"more than {values + 2:,} values" in reason(path, json.dumps(theirs))
    assert "more than" in reason(path, '{"cells": [' + '"' + '\\"' * 1_000_000 + '",' + "[]," * 2 * values)


@pytest.mark.parametrize("outputs", [None, 7, "x", {}, [7], [[]], [{"output_type": {}}], [{"data": [1]}]], ids=repr)
def test_outputs_of_any_shape(path, theirs, outputs):
    named(theirs, "echo")["outputs"] = outputs
    named(theirs, "echo")["execution_count"] = outputs
    path.write_text(json.dumps(theirs), encoding="utf-8")
    assert rebuilt_from(path).notes == ()


# 59 another file


def test_a_renamed_file_is_told_with_what_is_there(path, theirs):
    (path.parent / f"{NAME} (1).ipynb").touch()
    if os.name != "nt":
        (path.parent / "<img src=x onerror=alert(1)> [a](javascript:b) \x1b[31m").touch()
    told = reason(path)
    assert told.startswith(f"no {NAME}.ipynb was handed in; the folder holds: ")
    assert f"{NAME} (1).ipynb" in told
    assert not set("<>[]=:\x1b") & set(told.partition("holds: ")[2])


def test_a_missing_file_and_folder(path):
    assert reason(path) == f"no {NAME}.ipynb was handed in; the folder holds: nothing."
    path.parent.rmdir()
    assert reason(path) == f"there is no folder submitted/anna/{NAME}."


def test_of_many_files_ten_are_named(path):
    for number in range(30):
        (path.parent / f"{number:02}.py").touch()
    assert reason(path).endswith("08.py, 09.py, and 20 more.")


def test_another_assignment_is_set_aside_though_it_has_a_title_and_imports():
    other = notebooks.read(ROOT / "release" / "02-byte-order" / "02-byte-order.ipynb")
    with pytest.raises(SetAside, match="was another one handed in"):
        rebuild(INSTRUCTOR, other)


@pytest.mark.parametrize("cells", [[], [new_code_cell("import socket")], [new_markdown_cell("# Hello")]], ids=len)
def test_a_notebook_without_a_cell_of_the_assignment_is_set_aside(cells):
    with pytest.raises(SetAside, match="no answer and no check"):
        rebuild(INSTRUCTOR, new_notebook(cells=cells))


def test_an_assignment_of_texts_alone_needs_one_of_them():
    instructor = copy.deepcopy(INSTRUCTOR)
    instructor.cells = instructor.cells[:3]
    assert rebuilt(RELEASE, instructor).notes
    with pytest.raises(SetAside):
        rebuild(instructor, new_notebook())


# 60 links and bombs


@NEEDS_LINKS
@pytest.mark.parametrize("level", range(4))
def test_a_link_anywhere_on_the_way_is_not_followed(path, theirs, level):
    notebooks.write(theirs, path)
    link = [path, *path.parents][level]
    link.rename(root(path) / "elsewhere")
    link.symlink_to(root(path) / "elsewhere")
    told = reason(path)
    assert told == f"{link.relative_to(root(path)).as_posix()} is a link, not what was handed in."


@NEEDS_LINKS
def test_links_to_secrets_and_to_nothing(path):
    for target in ("/etc/passwd", "/nowhere", path.name):
        path.symlink_to(target)
        assert "is a link" in reason(path)
        path.unlink()


@NEEDS_LINKS
def test_what_was_looked_at_is_what_is_read(path, theirs, monkeypatch):
    notebooks.write(theirs, path)
    (root(path) / "secret").write_text("secret")
    look = os.fstat

    def swap(descriptor):
        path.unlink(missing_ok=True)
        path.symlink_to(root(path) / "secret")
        monkeypatch.undo()
        return look(descriptor)

    monkeypatch.setattr(os, "fstat", swap)
    assert rebuilt_from(path).notes == ()
    assert path.is_symlink()


@NEEDS_LINKS
@pytest.mark.timeout(30)
def test_pipes_and_folders_are_no_files_and_nobody_waits_for_them(path, theirs):
    path.mkdir()
    assert reason(path) == f"submitted/anna/{NAME}/{NAME}.ipynb is not an ordinary file."
    path.rmdir()
    os.mkfifo(path)
    assert reason(path) == f"submitted/anna/{NAME}/{NAME}.ipynb is not an ordinary file."
    path.unlink()
    path.parent.rmdir()
    path.parent.touch()
    assert reason(path) == f"submitted/anna/{NAME} is not a folder."


@NEEDS_LINKS
def test_names_that_cannot_be(path):
    assert reason(path.with_name("a\0b")) == f"submitted/anna/{NAME}/a?b cannot be read: no file can have this name."
    assert "too long" in reason(path.with_name("a" * 300))
    assert "a?.ipynb" in reason(path.with_name("a\udcff.ipynb"))
    assert "a?.ipynb cannot be read" in reason(path.with_name("a\ud800.ipynb"))


@pytest.mark.parametrize("way", [("..", "secret.ipynb"), ("submitted", "..", "..", "secret.ipynb"), ()], ids=len)
def test_nothing_outside_the_course_is_read(tmp_path, theirs, way):
    notebooks.write(theirs, tmp_path / "secret.ipynb")
    (tmp_path / "course" / "submitted").mkdir(parents=True)
    with pytest.raises(SetAside, match="does not lie where submissions lie"):
        read((tmp_path / "course").joinpath(*way), tmp_path / "course")
    with pytest.raises(SetAside, match="does not lie where submissions lie"):
        read(tmp_path / "secret.ipynb", tmp_path / "course")


def test_a_bomb_is_not_read(path):
    with path.open("wb") as file:
        file.truncate(submission.MOST_BYTES + 1)  # a hole, which takes no space
    assert reason(path).endswith("is larger than 256 MiB.")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts descriptors with /proc")
def test_no_descriptor_is_left_open(path, theirs):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        reason(path)
        path.mkdir()
        reason(path)
        path.rmdir()
        reason(path, "{")
        notebooks.write(theirs, path)
        read(path, root(path))
        path.unlink()
    assert len(os.listdir("/proc/self/fd")) == before


def test_where_folders_have_no_descriptors_links_are_refused_too(path, theirs, monkeypatch):
    monkeypatch.setattr(os, "supports_dir_fd", set())
    notebooks.write(theirs, path)
    assert rebuilt_from(path).notes == ()
    if os.name != "nt":
        path.parent.rename(root(path) / "elsewhere")
        path.parent.symlink_to(root(path) / "elsewhere")
        assert reason(path) == f"submitted/anna/{NAME} is a link, not what was handed in."


# 61 metadata, 63 syntax


def test_kernel_and_metadata_are_the_instructors(path, theirs):
    theirs.metadata = {"kernelspec": {"name": "bash"}, "language_info": {"name": "html", "pygments_lexer": "<b>"}}
    theirs.metadata["title"] = "<script>alert(1)</script>"
    theirs.nbformat_minor = 99
    path.write_text(json.dumps(theirs), encoding="utf-8")
    notebook = rebuilt_from(path).notebook
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.nbformat_minor == 5


def test_a_syntax_error_changes_only_its_own_cell(theirs):
    named(theirs, "echo").source = "def echo_server(host, port:\n"
    result = rebuilt(theirs)
    assert named(result.notebook, "echo").source == "def echo_server(host, port:\n"
    assert named(result.notebook, "quote").source == named(theirs, "quote").source


# 21 what is shown

NASTY = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "<http://evil.example> https://evil.example www.evil.example",
    "```\n<script>alert(1)</script>\n```",
    "```text\n``````````\n<img src=x onerror=alert(1)>",
    "~~~\n<script>alert(1)</script>\n~~~",
    "`" * 50 + "\n<b>x</b>\n" + "`" * 51 + "\n<i>y</i>",
    r"$\href{javascript:alert(1)}{x}$ $$\require{html}\unicode{x}$$ \(a\) \[b\] \\[c\\]",
    "\\begin{equation}<script>alert(1)</script>\\end{equation}",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &amp;amp;",
    "</pre></div><script>alert(1)</script>",
    "<!-- --> <![CDATA[ <?php ?> <svg/onload=alert(1)> <iframe src=//evil.example>",
    "a\r<script>alert(1)</script>\r\n```\r```\u2028<b>\u0085<b>\x0b```\x0c```\x1c",
    "| a | b |\n|---|---|\n| <b> | 2 |\n\nTerm\n:   <b>definition</b>\n\n[ref]: javascript:alert(1)",
    "``` mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]\n```",
    "    indented\n\ttab\n\n\n",
    "    ```\n- ```\n> ```\n1. ```",
    "attachment: ![x](attachment:x.png)",
    "# heading\n---\n===\n- [ ] task\n~~gone~~ *a* **b**",
    "",
    "\n\n",
    "`",
)


def same_text(shown: str, source: str) -> bool:
    """Equal but for ends of lines, and empty lines around."""

    def plainly(text):
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")

    return plainly(shown) == plainly(source)


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_what_a_student_writes_is_shown_as_it_is(template):
    """`classic` is what nbgrader's feedback page and formgrader are made of."""
    handed_in = copy.deepcopy(TINY)
    handed_in.cells += [make(text) for text in NASTY for make in (new_markdown_cell, new_raw_cell)]
    handed_in.cells[-1].metadata["raw_mimetype"] = "text/html"
    handed_in.cells[-2]["attachments"] = {"x.png": {"image/png": "eA=="}}
    notebook = rebuilt(handed_in, TINY).notebook
    own = notebook.cells[len(TINY.cells) :]
    notebook.cells = own
    page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    kind = {"lab": "div.jp-RenderedMarkdown", "classic": "div.text_cell_render"}[template]
    boxes = BeautifulSoup(page, "html.parser").select(kind)
    texts = [text for text in NASTY for _ in range(2)]
    for box, text in zip(boxes, texts, strict=True):
        assert {tag.name for tag in box.find_all(True)} <= {"div", "pre", "span"}, text
        assert not [tag.attrs for tag in box.find_all(True) if set(tag.attrs) - {"class"}]
        assert same_text(box.find("pre").get_text(), text)  # MathJax leaves <pre> alone


def test_markdown_put_together_at_random_is_shown_as_it_is():
    draw = random.Random(3)
    pieces = [
        "```", "~~~", "`", "<b>", "$$", "\\[", "\\begin{a}", "\\end{a}", "[a]:", "|", "---", "&lt;", "\\", "<!--",
        "-->", "a", "![", "](", "javascript:", "\n", "\n\n", " ", "    ", "> ", "- ", ":   ", "\r", "\t", "\x0c",
    ]  # fmt: skip
    for _ in range(400):
        text = "".join(draw.choices(pieces, k=draw.randrange(1, 25)))
        handed_in = copy.deepcopy(TINY)
        handed_in.cells.append(new_markdown_cell(text))
        box = BeautifulSoup(markdown2html(rebuild(TINY, handed_in).notebook.cells[-1].source), "html.parser")
        assert {tag.name for tag in box.find_all(True)} <= {"div", "pre", "span"}, repr(text)
        assert same_text(box.find("pre").get_text(), text), repr(text)


def test_the_instructors_own_text_is_shown_rendered(theirs):
    plain = theirs.cells[-1]
    assert plain.metadata == {}
    assert rebuilt(theirs).notebook.cells[-1].source == plain.source
    assert rebuilt(theirs, known=frozenset()).notebook.cells[-1].source.startswith("```text\n")
    plain.source += "!"
    assert rebuilt(theirs).notebook.cells[-1].source == f"```text\n{plain.source}\n```"


def test_the_instructors_text_in_a_raw_cell_or_without_its_attachment_is_not(theirs):
    theirs.cells.append(new_raw_cell(RELEASE.cells[-1].source))
    theirs.cells.append(new_markdown_cell("![](attachment:a.png)", attachments={"a.png": {"image/png": "eA=="}}))
    notebook = rebuilt(theirs, known=KNOWN | {"![](attachment:a.png)"}).notebook
    assert [cell.source.split("\n")[0] for cell in notebook.cells[-2:]] == ["```text"] * 2
    assert "attachments" not in notebook.cells[-1]


def written_answer():
    """An assignment with one answer in words, which a person grades; the instructor's text shows a picture."""
    cell = new_markdown_cell("Why? ![](attachment:a.png)", id="why", attachments={"a.png": {"image/png": "eA=="}})
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": "why", "grade": True, "solution": True}
    cell.metadata["nbgrader"] |= {"locked": False, "task": False, "points": 2, "cell_type": "markdown"}
    notebook = notebooks.normal_form(new_notebook(cells=[cell]), "exercise")
    notebook.cells[0].metadata.nbgrader["checksum"] = compute_checksum(notebook.cells[0])
    return notebook


def test_a_written_answer_is_shown_as_it_is_and_waits_for_a_person():
    instructor = written_answer()
    handed_in = copy.deepcopy(instructor)
    handed_in.cells[0].source = "Because. <script>alert(1)</script> ```"
    (cell,) = rebuilt(handed_in, instructor).notebook.cells
    assert cell.source == f"````text\n{handed_in.cells[0].source}\n````"
    assert determine_grade(cell) == (None, 2)


def test_a_written_answer_left_alone_keeps_its_picture_and_gives_nothing():
    instructor = written_answer()
    handed_in = copy.deepcopy(instructor)
    handed_in.cells[0].source += "\n"
    del handed_in.cells[0]["attachments"]
    (cell,) = rebuilt(handed_in, instructor).notebook.cells
    assert (cell.source, cell.attachments) == (instructor.cells[0].source, instructor.cells[0].attachments)
    assert determine_grade(cell) == (0, 2)


@pytest.mark.parametrize("flag", [False, True])
def test_a_tasks_text_is_the_instructors(flag):
    instructor = written_answer()
    instructor.cells[0].metadata.nbgrader.update(task=True, grade=False, locked=True, solution=flag)
    handed_in = copy.deepcopy(instructor)
    handed_in.cells[0].source = "<script>alert(1)</script>"
    handed_in.cells.append(new_markdown_cell("My answer"))
    notebook = rebuild(instructor, handed_in).notebook
    assert [cell.source for cell in notebook.cells] == [instructor.cells[0].source, "```text\nMy answer\n```"]


def test_long_lines_are_broken_at_spaces():
    handed_in = copy.deepcopy(TINY)
    handed_in.cells.append(new_markdown_cell("word " * 100 + "x" * 400 + "\n" + "y" * 160))
    lines = rebuilt(handed_in, TINY).notebook.cells[-1].source.split("\n")[1:-1]
    assert max(map(len, lines)) == 160
    assert lines[0].endswith("word")
    assert lines[-1] == "y" * 160
    assert "".join(lines).replace(" ", "") == "word" * 100 + "x" * 400 + "y" * 160


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["`", "[", "\n", "$$", "a "])
def test_a_text_as_long_as_may_be_is_shown_in_seconds(unit):
    handed_in = copy.deepcopy(TINY)
    handed_in.cells.append(new_markdown_cell(unit * (submission.MOST_TEXT // len(unit))))
    notebook = rebuild(TINY, handed_in).notebook
    HTMLExporter(template_name="classic").from_notebook_node(notebook)  # it was hours for a line of brackets


# Too much


def test_a_cell_that_is_too_long_is_named(theirs):
    named(theirs, "echo").source = "#" * 1_000_001
    number = place(theirs, "echo") + 1
    with pytest.raises(SetAside, match=f"^cell {number} of the notebook has 1,000,001 characters"):
        rebuild(INSTRUCTOR, theirs)


def test_cells_that_are_too_long_together(theirs):
    theirs.cells += [new_code_cell("#" * 1_000_000) for _ in range(5)]
    with pytest.raises(SetAside, match="more than 5,000,000 characters"):
        rebuild(INSTRUCTOR, theirs)


def test_too_many_cells(path):
    cells = [{"cell_type": "code"}] * 5_001
    assert "5,001 cells, more than 5,000" in reason(path, json.dumps({"nbformat": 4, "cells": cells}))


def test_as_many_copies_as_may_be_take_seconds(theirs):
    theirs.cells += [copy.deepcopy(named(theirs, "echo")) for _ in range(4_900)]
    assert len(rebuild(INSTRUCTOR, theirs).notebook.cells) == len(RELEASE.cells) + 4_900


# Malformed cells, and anything else


def test_malformed_cells_do_no_harm_to_the_others(path):
    quote = named(RELEASE, "quote")
    cells = [
        None, 7, "x", [], {}, {"cell_type": "code"}, {"cell_type": "heading", "source": "one", "metadata": []},
        {"cell_type": "code", "source": ["two = ", 2, "2"], "metadata": {"nbgrader": 7}},
        {"cell_type": "code", "source": "three = 3", "metadata": {"nbgrader": {"grade_id": ["echo"], "points": []}}},
        {"cell_type": "code", "source": {"a": 1}, "metadata": {"nbgrader": {"grade_id": {}}}, "id": "same"},
        {"cell_type": "code", "source": "def q", "metadata": {"nbgrader": dict(quote.metadata.nbgrader)}, "id": "same"},
        {"cell_type": "markdown", "metadata": None, "id": [], "source": None, "attachments": 5},
    ]  # fmt: skip
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": "x", "metadata": 3, "cells": cells}), encoding="utf-8")
    notebook = read(path, root(path))
    nbformat.validate(notebook)
    assert len(notebook.cells) == 8
    result = rebuilt(notebook)
    assert named(result.notebook, "quote").source == "def q"
    told = zip(result.notebook.cells, roles(result.notebook), strict=True)
    own = [cell.source for cell, role in told if role == "extra"]
    assert own == ["", "two = 2", "three = 3", ""]


def test_what_read_returns_is_read_again_unchanged(path, theirs):
    theirs.cells.insert(3, new_markdown_cell("mine"))
    notebooks.write(theirs, path)
    once = read(path, root(path))
    notebooks.write(once, path)
    assert read(path, root(path)) == once


def survives(path: Path, content: bytes, instructor) -> bool:
    """Whether it could be rebuilt; if not, it was set aside, and nothing else happened."""
    path.write_bytes(content)
    try:
        rebuilt(read(path, root(path)), instructor)
    except SetAside:
        return False
    return True


ANYTHING = (None, True, 0, -1, 10**30, 1.5, float("nan"), "", "code", "\ud800\0", [], [[]], {}, {"grade_id": 1})


def places(value, so_far=()):
    """The way to every place in a JSON value."""
    yield so_far
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*so_far, key))


def test_anything_at_any_place_is_survived(path):
    handed_in = json.loads(notebooks.text(TINY))
    outcomes = []
    for way in places(handed_in):
        for value in ANYTHING:
            changed = {"": copy.deepcopy(handed_in)}
            holder, key = changed, ""
            for step in way:
                holder, key = holder[key], step
            holder[key] = value
            outcomes.append(survives(path, json.dumps(changed[""]).encode(), TINY))
    assert outcomes.count(True) > len(outcomes) / 2


def test_damaged_files_are_survived(path):
    """Cut short, with flipped bits, with bytes gone or put in; seed 7."""
    draw = random.Random(7)
    whole = notebooks.text(TINY).encode()
    noise = (string.punctuation + string.digits).encode() + bytes(range(0, 256, 17))
    outcomes = []
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(draw.choice((1, 1, 1, 3, 10))):
            at = draw.randrange(len(data))
            match draw.randrange(5):
                case 0:
                    data[at] ^= 1 << draw.randrange(8)
                case 1:
                    del data[at : at + draw.randrange(1, 40)]
                case 2:
                    data[at:at] = bytes(draw.choices(noise, k=draw.randrange(1, 5)))
                case 3:
                    data[at : at + 3] = data[draw.randrange(len(data)) :][: draw.randrange(20)]
                case 4:
                    data[at] = draw.choice(b"abcxyz_019 ")
        outcomes.append(survives(path, bytes(data), TINY))
    for end in range(0, len(whole), 37):
        survives(path, whole[:end], TINY)
    assert 30 < outcomes.count(True) < 570


def test_cells_shuffled_copied_and_dropped_at_random_keep_the_order_of_checks():
    """The instructor's cells are all there once and in order, and no own code is lost; seed 11."""
    draw = random.Random(11)
    for _ in range(60):
        handed_in = copy.deepcopy(RELEASE)
        fill_in(handed_in, ANSWERS)
        cells = draw.choices(handed_in.cells, k=draw.randrange(1, 60))
        own = [new_code_cell(f"own = {number}") for number in range(draw.randrange(6))]
        mixed = [*map(copy.deepcopy, cells), *own]
        draw.shuffle(mixed)
        handed_in.cells = mixed
        try:
            result = rebuilt(handed_in)
        except SetAside:
            continue
        texts = [cell.source for cell in result.notebook.cells]
        assert all(cell.source in texts for cell in own)
        kept = [text for text in texts if text.startswith("own = ")]
        assert sorted(kept) == sorted(cell.source for cell in own)
