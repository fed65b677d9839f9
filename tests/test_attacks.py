"""A class in which everybody attacks the grader, but two, graded at once; every row of the catalogue is somebody.

What each attack must give is in tests/attacks/expected.toml. Nothing here runs a line of theirs without the sandbox:
where it does not work the tests that grade are skipped, and say why; on CI they fail.
"""

from __future__ import annotations

import os
import re
import site
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from attacks import classroom, page, table
from attacks.classroom import ADA, ASSIGNMENT, SECRET, UNTOUCHED
from attacks.table import Attack
from conftest import ROOT

from autograder import gradebook, grading, limits, notebooks, sandbox
from autograder.course import Course
from autograder.ladder import picture

pytestmark = pytest.mark.timeout(5400)  # a hundred and fifty submissions, many of which wait for a deadline

ATTACKS = table.attacks()
GONE_SECONDS = 20.0
LARGEST_PAGE = 8 * limits.MIB
TRACES = ("attacked-*", "gift-7301", "filled-*", "escaped.txt", "evil*", "huge", "sparse", "*customize.py", "socket.py")
"""Names of files that attacks make where they can."""


@dataclass(frozen=True)
class Aftermath:
    """What the class was given, and how the machine stands when all is over: what is there that was not before."""

    course: Course
    results: dict[str, grading.Result]
    pages: dict[str, str]
    """Each page's HTML; for Ada's without the words of her own that nobody else may see."""
    processes: list[str]
    listening: set[object]
    knocked_at: list[str]
    traces: set[Path]


def no_walls() -> str:
    """Why attacks may not be run here; "" if they may."""
    if "autograde_preprocessors" not in (ROOT / "nbgrader_config.py").read_text(encoding="utf-8"):
        return "nbgrader_config.py does not grade behind walls"
    return sandbox.refusal()


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    if reason := no_walls():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"attacks run behind walls only: {reason}")
    folder = tmp_path_factory.mktemp("attacked")
    doors = classroom.Doors(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(classroom.VARIABLE, f"{SECRET}-environment")
        course = classroom.build(folder / "course", ROOT / "nbgrader_config.py", ATTACKS)
        before, listening, traces = set(psutil.process_iter()), _listening(), _traces(folder)
        results = {result.student: result for result in grading.grade(course, ASSIGNMENT)}
        yield Aftermath(
            course,
            results,
            dict(_pages(results)),
            _left_running(before),
            _listening() - listening,
            doors.knocked_at(),
            _traces(folder) - traces,
        )
    doors.close()


def _pages(results: dict[str, grading.Result]) -> Iterator[tuple[str, str]]:
    for student, result in results.items():
        if result.feedback is not None:
            html = result.feedback.read_text(encoding="utf-8")
            yield student, html.replace(classroom.CLASSMATE, "") if student == ADA else html


def _listening() -> set[object]:
    """This process's own listening sockets."""
    return {one.laddr for one in psutil.Process().net_connections("inet") if one.status == psutil.CONN_LISTEN}


def _traces(folder: Path) -> set[Path]:
    places = {Path("/"), Path("/etc"), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/run"), Path.home()}
    places |= {ROOT, ROOT / "autograder", Path.cwd(), Path(tempfile.gettempdir()), Path(site.getusersitepackages())}
    places |= {folder, folder / "course"}
    return {path for place in places if place.is_dir() for name in TRACES for path in place.glob(name)}


def _left_running(before: set[psutil.Process]) -> list[str]:
    """What still runs of this class: our descendants, and orphans. (Other tests may run beside this one.)"""
    new = [one for one in psutil.process_iter() if one not in before and _is_ours(one, before)]
    _, alive = psutil.wait_procs(new, GONE_SECONDS)
    return [str(one) for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _is_ours(process: psutil.Process, before: set[psutil.Process]) -> bool:
    try:
        line = [one for one in (process, *process.parents()) if one.pid > 1]
        if "resource_tracker" in " ".join(process.cmdline()):  # Python's own, while this process lives
            return False
    except psutil.Error:
        return False
    return any(one.pid == os.getpid() for one in line) or line[-1] not in before


# -- the table, without running anything --------------------------------------------------------------------------


def test_every_row_has_an_attack_and_every_attack_a_row() -> None:
    assert {attack.row for attack in ATTACKS} == {*table.ROWS}
    assert {attack.name for attack in ATTACKS if attack.parts} == {path.stem for path in table.files()}
    assert {attack.name.partition("_")[2] for attack in ATTACKS if not attack.parts} == table.functions()
    assert all(int(re.match(r"\d+", attack.name)[0]) == attack.row for attack in ATTACKS)
    assert {attack.outcome for attack in ATTACKS} == {*table.OUTCOMES}


def test_the_table_names_checks_that_are_there_and_words_to_look_for() -> None:
    checks = classroom.checks()
    for attack in ATTACKS:
        assert all(any(check.startswith(name) for check in checks) for name in attack.lost), attack
        assert bool(attack.lost) or attack.outcome in "HQ", attack
        assert attack.outcome != "Q" or attack.told, attack


@pytest.mark.parametrize("path", table.files(), ids=lambda path: path.stem)
def test_every_file_compiles_cell_by_cell_and_spells_no_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    attack = next(attack for attack in ATTACKS if attack.name == path.stem)
    for part in attack.parts:
        compile(part.text, f"{path.name}, {part.cell}", "exec")
    assert "".join(part.text for part in attack.parts)
    assert SECRET not in text


def test_the_assignment_is_in_normal_form() -> None:
    notebook = notebooks.read(classroom.SOURCE)
    assert not [*notebooks.faults(notebook, "exercise"), *notebooks.marker_faults(notebook)]


# -- what came of it ----------------------------------------------------------------------------------------------


def test_the_reference_gets_full_marks_and_the_stub_none(aftermath: Aftermath) -> None:
    ada, untouched = aftermath.results[ADA], aftermath.results[UNTOUCHED]
    assert not ada.set_aside
    assert not untouched.set_aside
    assert ada.points == ada.maximum == len(classroom.checks())
    assert untouched.points == 0


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.outcome != "Q"], ids=str)
def test_an_attack_gives_what_is_due(aftermath: Aftermath, attack: Attack) -> None:
    result = aftermath.results[attack.name]
    assert not result.set_aside
    assert {mark.check: mark.maximum for mark in result.marks} == dict.fromkeys(classroom.checks(), 1)
    due = {mark.check: 0.0 if attack.loses(mark.check) else mark.maximum for mark in result.marks}
    assert {mark.check: mark.points for mark in result.marks} == due


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.outcome == "Q"], ids=str)
def test_what_is_no_notebook_is_set_aside_with_the_reason(aftermath: Aftermath, attack: Attack) -> None:
    reason = aftermath.results[attack.name].set_aside
    assert reason
    assert not [word for word in attack.told if word.lower() not in reason.lower()]


@pytest.mark.parametrize("attack", [one for one in ATTACKS if one.told and one.outcome != "Q"], ids=str)
def test_the_page_says_what_happened(aftermath: Aftermath, attack: Attack) -> None:
    html = aftermath.pages[attack.name]
    told = page.words(html)
    if attack.lost and attack.parts:
        told = " ".join(words for check, words in page.parts(html).items() if attack.loses(check))
    assert not [word for word in attack.told if word.lower() not in told]


def test_no_secret_is_on_any_page(aftermath: Aftermath) -> None:
    never = {SECRET, *(word for attack in ATTACKS for word in attack.never)}
    for student, html in aftermath.pages.items():
        words = page.words(html)
        assert not [word for word in never if word in html or (not word.startswith("<") and word.lower() in words)], (
            student
        )


def test_nobody_is_on_another_page(aftermath: Aftermath) -> None:
    class_list = [re.compile(rf"\b{re.escape(name)}\b") for name in aftermath.results]
    for student, html in aftermath.pages.items():
        assert not [name.pattern for name in class_list if name.search(html) and not name.search(student)], student


def test_nothing_on_a_page_acts_but_what_acts_on_every_page(aftermath: Aftermath) -> None:
    known = page.acting(aftermath.pages[UNTOUCHED]) | page.acting(f"<style>{picture.STYLE.replace('ID', 'it')}</style>")
    for student, html in aftermath.pages.items():
        assert not page.acting(html) - known, student


def test_nothing_acts_in_what_the_formgrader_shows(aftermath: Aftermath) -> None:
    known = page.acting(aftermath.pages[UNTOUCHED]) | page.acting(f"<style>{picture.STYLE.replace('ID', 'it')}</style>")
    for student in aftermath.results:
        path = aftermath.course.root / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        for cell in notebooks.read(path).cells if path.exists() else ():
            shown = [output.get("data", {}) for output in cell.get("outputs", [])]
            assert not {kind for data in shown for kind in data} & {"application/javascript", "image/svg+xml"}, student
            html = "".join("".join(data.get("text/html", "")) for data in shown)
            html += "" if cell.cell_type == "code" else re.sub(r"(?s)(`{3,}).*?\1", "", cell.source)
            assert not page.acting(html) - known, student


def test_no_page_is_large(aftermath: Aftermath) -> None:
    assert not {student: len(html) for student, html in aftermath.pages.items() if len(html) > LARGEST_PAGE}


def test_nothing_is_left_running_or_listening(aftermath: Aftermath) -> None:
    assert not aftermath.processes
    assert not aftermath.listening


def test_nobody_knocked_at_the_graders_doors(aftermath: Aftermath) -> None:
    assert not aftermath.knocked_at


def test_nothing_is_left_on_the_disk(aftermath: Aftermath) -> None:
    assert not aftermath.traces


def test_the_gradebook_has_the_class_and_nobody_else(aftermath: Aftermath) -> None:
    assert {*aftermath.results} == {ADA, UNTOUCHED, *(attack.name for attack in ATTACKS)}
    with gradebook.opened(aftermath.course) as book:
        assert {student.id for student in book.students} <= {*aftermath.results}
        marked = {handed_in.student.id: handed_in for handed_in in book.assignment_submissions(ASSIGNMENT)}
        for student, result in aftermath.results.items():
            if not result.set_aside:
                assert marked[student].score == result.points
            elif student in marked:
                assert marked[student].needs_manual_grade
