"""What the command line prints: a class's marks as a table, a machine's findings, a release's differences.

Owns the words and the layout on the terminal. Must not know how any of it came about; it only shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from autograder import doctor, grading, release


@contextmanager
def progress_bar(title: str) -> Iterator[grading.Progress]:
    """A bar on the error stream, so that the output is the table alone; yields the function that moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def move(done: int, total: int, student: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{title} {student}")

        yield move


def marks(results: Sequence[grading.Result]) -> Table:
    """Students by exercises: points, their sum, the most there are at the top of each column."""
    graded = [result for result in results if not result.set_aside]
    maxima = {name: most for result in graded[:1] for name, (_, most) in result.by_exercise().items()}
    table = Table(title=results[0].assignment, caption="points of each exercise; the most there are at the top")
    table.add_column("student", no_wrap=True, overflow="fold")
    for name, most in maxima.items():
        table.add_column(f"{name}\n/ {most:g}", justify="right", overflow="fold")
    table.add_column(f"total\n/ {sum(maxima.values()):g}", justify="right", style="bold")
    for result in results:
        if result.set_aside:
            table.add_row(result.student, *["–"] * len(maxima), "set aside")
        else:
            cells = [f"{points:g}" for points, _ in result.by_exercise().values()]
            table.add_row(result.student, *cells, f"{result.points:g}")
    return table


def set_aside(results: Sequence[grading.Result]) -> Iterator[str]:
    """A line for each submission that a person must look at, with the reason."""
    for result in results:
        if result.set_aside:
            yield f"set aside: {result.student}: {result.set_aside}"


def findings(found: Iterable[doctor.Finding]) -> Iterator[Text]:
    """The findings under a heading for whom they matter; `ok`, `missing` or `!` says how each matters."""
    order = list(doctor.AUDIENCES)
    ranked = sorted(found, key=lambda finding: order.index(finding.audience))
    for audience, group in groupby(ranked, key=lambda finding: finding.audience):
        yield Text(f"\n{doctor.AUDIENCES[audience]}", style="bold")
        for finding in group:
            word, style = ("ok", "green") if finding.fine else ("missing", "red")
            line = Text.assemble("  ", (f"{word:8}", style), finding.subject)
            if finding.detail:
                line.append(f" ({finding.detail})")
            yield line
            if not finding.fine and finding.mend:
                yield Text(f"  {'mend':8}{finding.mend}", style="yellow")


def changes(found: Iterable[release.Change]) -> Iterator[str]:
    """A line for each file."""
    for change in found:
        yield f"release/{change.path.as_posix()}: {change.what}"
