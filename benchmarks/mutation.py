"""Do the checks notice? Each reference solution with one small fault after another, against the checks.

    uv run python benchmarks/mutation.py [--jobs 2] [--only PART] [--list]

A machine makes the faults (tests/mutants.py). Each mutant meets its exercise's checks, hidden ones too, until one
fails: then it is killed, and if none does it has survived. A survivor that no check can tell from the original is
equivalent, and tests/mutants.toml says why; any other is a check that is missing. The score is killed / (mutants −
equivalent). The exit status is 1 if a survivor has no reason, a reason has no survivor, or the score is below 95 %.
--only takes the mutants whose EXERCISE/FUNCTION:OPERATOR:N has PART in it, and --list runs none.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import queue
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import exercise
import mutants
from mutants import Equivalent, Mutant

from autograder import child, seed

DEADLINE = 120.0
"""Seconds that one mutant's checks may take; a plain function that loops for ever runs in the worker itself."""

START_SECONDS = 120.0
"""How long a worker may take to have imported everything, which is seconds of processor time."""

END_SECONDS = 10.0
"""How long a worker may take to be gone once it is told to end."""

WANTED = 0.95
"""The score below which the command fails."""

NO_END = f"did not end within {DEADLINE:.0f} s"


@dataclass(frozen=True)
class Task:
    """A mutant and its place: the solution cell, counted among all the exercise's cells, that it stands in for."""

    place: int
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.mutant.exercise}/{self.mutant.name}"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant. `check` is the one that failed, None if all passed; `why` is how it failed."""

    mutant: Mutant
    check: str | None
    why: str = ""

    @property
    def killed(self) -> bool:
        return bool(self.check or self.why)

    @property
    def fate(self) -> str:
        """The verdict in a few words; how a check failed only where it did not say so itself."""
        if self.check is None:
            return self.why or "SURVIVED"
        return f"killed by {self.check}" + ("" if self.why.startswith("CheckFailed") else f", with {self.why}")


def tasks(names: Iterable[str]) -> list[Task]:
    """Every mutant of these exercises, in the order of their cells."""
    return [
        Task(place, mutant)
        for name in names
        for place, cell in enumerate(exercise.cells(name))
        if cell.solution
        for mutant in mutants.mutants(name, cell.source)
    ]


# -- in a worker ----------------------------------------------------------------------------------------------------


def work(orders: Connection) -> None:
    """Say that the worker is ready, and judge each task that comes, until None does."""
    os.environ.pop(seed.VARIABLE, None)
    passing: set[str] = set()
    orders.send(None)
    while (task := orders.recv()) is not None:
        cells = exercise.cells(task.mutant.exercise)
        if task.mutant.exercise not in passing:
            _make_sure_that_the_reference_passes(task.mutant.exercise, cells)
            passing.add(task.mutant.exercise)
        orders.send(judge(task, cells))
    child.dismiss_spare()


def _make_sure_that_the_reference_passes(name: str, cells: list[exercise.Cell]) -> None:
    failed = {check: error for check, error in exercise.run(cells).items() if error is not None}
    if failed:
        raise RuntimeError(f"{name}'s own solution fails {', '.join(failed)}; nothing can be said of its mutants")


def judge(task: Task, cells: list[exercise.Cell]) -> Verdict:
    """Run the checks in the notebook's order up to the first that fails.

    One that does not reach the mutated function has passed for the reference, and `exercise.run` does not repeat it.
    """
    mutated = list(cells)
    mutated[task.place] = replace(cells[task.place], source=task.mutant.source)
    for check in [cell for cell in cells if cell.check]:
        try:
            outcomes = exercise.run([cell for cell in mutated if cell.check is None or cell is check])
        except Exception as error:  # what stands outside of functions runs with the cell
            return Verdict(task.mutant, None, f"its cell raises {type(error).__name__}")
        for name, error in outcomes.items():
            if error is not None:
                lines = str(error).strip().splitlines()
                return Verdict(task.mutant, name, f"{type(error).__name__}: {lines[0] if lines else ''}")
    return Verdict(task.mutant, None)


# -- their keeper ---------------------------------------------------------------------------------------------------


class Worker:
    """A process that judges one task after another, and is replaced when one does not end."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._orders, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,))
        self._process.start()
        self._ready = False
        theirs.close()

    def _wait_until_ready(self) -> None:
        if not self._ready and not self._orders.poll(START_SECONDS):
            raise RuntimeError(f"a worker was not ready within {START_SECONDS:.0f} s")
        if not self._ready:
            self._orders.recv()
            self._ready = True

    def judge(self, task: Task) -> Verdict:
        """What becomes of a mutant. Raises RuntimeError if the worker dies, and prints its traceback."""
        try:
            self._wait_until_ready()
            self._orders.send(task)
            if self._orders.poll(DEADLINE):
                return self._orders.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError(f"the worker died at {task}") from error
        self._process.kill()
        self._gone()
        self._start()
        return Verdict(task.mutant, None, NO_END)

    def end(self) -> None:
        """Let the process end, if it has not ended already."""
        with contextlib.suppress(ConnectionError):
            self._orders.send(None)
        self._gone()

    def _gone(self) -> None:
        self._process.join(END_SECONDS)
        self._process.kill()
        self._orders.close()


def verdicts(todo: list[Task], jobs: int) -> Iterator[Verdict]:
    """The verdicts in the tasks' order, from so many workers."""
    free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    workers = [Worker() for _ in range(jobs)]
    for worker in workers:
        free.put(worker)

    def judged(task: Task) -> Verdict:
        worker = free.get()
        try:
            return worker.judge(task)
        finally:
            free.put(worker)

    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(judged, todo)
    finally:
        pool.shutdown(cancel_futures=True)
        for worker in workers:
            worker.end()


# -- what is told ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many mutants there were, and what became of them."""

    mutants: int
    killed: int
    equivalent: int

    @property
    def survived(self) -> int:
        return self.mutants - self.killed

    @property
    def new(self) -> int:
        return self.survived - self.equivalent

    @property
    def score(self) -> float:
        """Killed of those that can be; 1 if none can."""
        return self.killed / (self.mutants - self.equivalent) if self.mutants > self.equivalent else 1.0

    def __str__(self) -> str:
        numbers = (self.mutants, self.killed, self.survived, self.equivalent, self.new)
        return "".join(f"{number:11}" for number in numbers) + f"{self.score:10.1%}"


def tally(found: list[Verdict], known: list[Equivalent]) -> Tally:
    """Sum these verdicts up."""
    killed = sum(verdict.killed for verdict in found)
    return Tally(len(found), killed, sum(not one.killed and _reason(one.mutant, known) != "" for one in found))


def _reason(mutant: Mutant, known: list[Equivalent]) -> str:
    return next((entry.reason for entry in known if entry.fits(mutant)), "")


def complaints(found: list[Verdict], known: list[Equivalent], everything: list[Task]) -> Iterator[str]:
    """What is wrong with the entries of mutants.toml, and which survivors it does not know."""
    for entry in known:
        if not any(entry.fits(task.mutant) for task in everything):
            yield f"mutants.toml: {entry.exercise}/{entry.name} is no mutant any more, or another: {entry.before}"
        for verdict in found:
            if entry.fits(verdict.mutant) and verdict.killed:
                yield f"mutants.toml: {entry.exercise}/{entry.name} is not equivalent: {verdict.fate}"
    for verdict in found:
        if not verdict.killed and not _reason(verdict.mutant, known):
            yield f"a survivor to look at: {_described(verdict.mutant)}"


def _described(mutant: Mutant) -> str:
    return f"{mutant.exercise}/{mutant.name}, line {mutant.line}: {mutant.before} → {mutant.after or '(nothing)'}"


def report(found: list[Verdict], known: list[Equivalent]) -> None:
    """Print those that did not end, the reasons of those that are equivalent, and sums by exercise and function."""
    for verdict in found:
        if verdict.why == NO_END:
            print(f"{NO_END}, and counts as killed: {_described(verdict.mutant)}")
        if not verdict.killed and (reason := _reason(verdict.mutant, known)):
            print(f"equivalent: {_described(verdict.mutant)}\n            {reason}")
    heads = "".join(f"{head:>11}" for head in ("mutants", "killed", "survived", "equivalent", "new"))
    print(f"\n{'':24}{heads}{'score':>10}")
    for name in dict.fromkeys(verdict.mutant.exercise for verdict in found):
        theirs = [verdict for verdict in found if verdict.mutant.exercise == name]
        print(f"{name:24}{tally(theirs, known)}")
        for function in dict.fromkeys(verdict.mutant.function for verdict in theirs):
            part = [verdict for verdict in theirs if verdict.mutant.function == function]
            print(f"  {function:22}{tally(part, known)}")
    print(f"{'all':24}{tally(found, known)}")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--only", default="", metavar="PART")
    arguments.add_argument("--list", action="store_true", help="print the mutants, run none")
    options = arguments.parse_args()
    everything = tasks(exercise.exercises())
    chosen = [task for task in everything if options.only in str(task)]
    if options.list:
        for task in chosen:
            print(_described(task.mutant))
        return 0
    if not chosen:
        arguments.error(f"no mutant has {options.only!r} in its name; --list prints them all")
    begun, found, known = time.monotonic(), [], mutants.equivalents()
    for verdict in verdicts(chosen, options.jobs):
        found.append(verdict)
        print(f"{len(found):4} of {len(chosen)}: {verdict.fate}: {_described(verdict.mutant)}", flush=True)
    print()
    report(found, known)
    wrong = list(complaints(found, known, everything))
    print(f"{(time.monotonic() - begun) / 60:.1f} min", *wrong, sep="\n")
    return 1 if wrong or tally(found, known).score < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
