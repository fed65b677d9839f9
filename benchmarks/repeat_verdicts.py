"""Do verdicts repeat? Every program of tests/students against every check, again and again, with all cores kept busy.

    uv run python benchmarks/repeat_verdicts.py [--times 100] [--jobs 2] [--load 2] [--only PATTERN]

Each repetition runs all checks anew and compares, for each program, which checks fail, which mistake is named first,
and the feedback's text with its golden file. --jobs repetitions run at the same time, and --load endless loops (one a
core) beside them. Printed are the deviations, the verdicts compared, and what was left behind: processes of ours and
listening ports in the range that programs are given. --only takes a regular expression for EXERCISE/NAME.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import exercise
import psutil
from golden import same_on_every_run

from autograder import CheckFailed, child, feedback, kernel, mistakes
from autograder.client import PORTS
from autograder.steady import steady

FEEDBACK = exercise.STUDENTS.parent / "feedback"


Verdict = tuple[int, list[str]]
"""How many verdicts there were, and what differed from what is known."""


def repetition(names: list[tuple[str, str]]) -> Verdict:
    """Run these programs against their assignments; a check that two of them share word for word runs once."""
    exercise._passed.clear()
    counts, found = zip(*(deviations(*name) for name in names), strict=True)
    child.dismiss_spare()
    return sum(counts), [words for some in found for words in some]


def deviations(assignment: str, name: str) -> Verdict:
    """Run one program against its assignment."""
    student = next(one for one in exercise.students(assignment) if one.name == name)
    outcomes = exercise.run(exercise.filled_in(exercise.cells(assignment), student))
    failed = {check: error for check, error in outcomes.items() if error is not None}
    found = []
    if tuple(failed) != student.fails:
        told = {check: str(error).splitlines()[:2] for check, error in failed.items() if check not in student.fails}
        found.append(f"{student}: failed {sorted(failed)}, not {sorted(student.fails)}; {told}")
    first = failed.get(student.fails[0]) if student.fails else None
    if isinstance(first, CheckFailed):
        exchange = steady(first.exchange)
        findings = mistakes.recognise(exchange)
        if [finding.mistake.number for finding in findings[:1]] != ([student.named] if student.named else []):
            found.append(f"{student}: named {[finding.mistake.number for finding in findings]}, not {student.named}")
        golden = (FEEDBACK / assignment / f"{name}.txt").read_text(encoding="utf-8")
        told, known = (same_on_every_run(text) for text in (feedback.as_text(exchange, findings), golden))
        if told != known:
            lines = difflib.unified_diff(known.splitlines(), told.splitlines(), lineterm="", n=0)
            found.append(f"{student}: the feedback reads differently: {list(lines)[2:12]}")
    return len(outcomes), found


def left_behind() -> list[str]:
    """Processes that run students' programs, and listening sockets in their range of ports."""
    ours = [p.info["pid"] for p in psutil.process_iter(["pid", "cmdline"]) if child._MAIN in (p.info["cmdline"] or [])]
    rows = kernel.sockets("tcp")
    ports = [row.local[1] for row in rows if row.state == "LISTEN" and row.local[1] in PORTS]
    return [f"process {number}" for number in ours] + [f"port {number}" for number in ports]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--load", type=int, default=os.cpu_count() or 1, help="endless loops beside it")
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    names = [(one.assignment, one.name) for a in exercise.exercises() for one in exercise.students(a)]
    names = [name for name in names if re.search(options.only, "/".join(name))]
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.load)]
    begun, verdicts, changed = time.monotonic(), 0, Counter[str]()
    try:
        with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as workers:
            runs = workers.map(repetition, [names] * options.times)
            for number, (count, found) in enumerate(runs, 1):
                verdicts += count
                for words in found:
                    print(f"     {words}", flush=True)
                    changed[words.partition(";")[0]] += 1
                minutes = (time.monotonic() - begun) / 60
                sums = f"{verdicts:,} verdicts, {sum(changed.values())} changed"
                print(f"{number:4} of {options.times}: {sums}, {minutes:.1f} min", flush=True)
    finally:
        for busy in load:
            busy.kill()
            busy.wait()
    for words, times in changed.most_common():
        print(f"{times:4} times  {words}")
    left = left_behind()
    sums = f"{len(names)} programs, {verdicts:,} verdicts, {sum(changed.values())} changed"
    print(f"{sums}; left behind: {', '.join(left) or 'nothing'}")
    return 1 if changed or left else 0


if __name__ == "__main__":
    sys.exit(main())
