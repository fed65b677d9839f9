"""Feedback as text, 78 columns wide, for a terminal and wherever a page cannot be shown.

Owns headings, indents and the few colours. Must not know how anything was found out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from autograder import ladder
from autograder.difference import hex_rows, text_rows
from autograder.exchange import Exchange
from autograder.feedback.report import Report, StepLine, placed, report
from autograder.finding import Finding
from autograder.words import printable

WIDTH = 78
BOLD, RED, GREEN, PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"
STRONGER = "For a stronger hint, run in a new cell: from autograder import hint; hint({})"


def as_text(exchange: Exchange, findings: Sequence[Finding], *, color: bool = False, hint: int = 1) -> str:
    """The whole feedback; `hint` is how many of the three hints are told, `color` adds ANSI colours."""
    told = report(exchange, findings)
    if exchange.failed_step is None:
        drawn = ["", *ladder.text(exchange, width=WIDTH).splitlines()] if told.drawn else []
        lines = [*_steps(told), *drawn]
    else:
        drawn = [*_ladder(exchange)] if told.drawn else []
        lines = [*_steps(told), *_bytes(told), *drawn, *_state(told), *_mistake(told, hint), *_again(told)]
    return "\n".join(_painted(line) if color else line for line in lines) + "\n"


def as_brief(exchange: Exchange, findings: Sequence[Finding]) -> str:
    """What stands below the picture in a notebook, and alone in nbgrader's Validate: what failed, where, and why."""
    told = report(exchange, findings)
    lines = [*_wrapped("✗ " + told.headline), *_wrapped(told.steps[-1].detail, "  "), *told.values]
    lines += [*_state(told), *_mistake(told, 1), ""]
    shown = "steps, the bytes and the ladder" if told.drawn else "steps and the bytes"
    lines += _wrapped(f"The {shown} are in the box above; Validate shows only this: run the cell.")
    return "\n".join(lines) + "\n"


def _wrapped(words: str, indent: str = "") -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _steps(told: Report) -> Iterator[str]:
    yield from _wrapped(("✗ " if any(not step.passed for step in told.steps) else "✓ ") + told.headline)
    yield ""
    for step in told.steps:
        yield from _step(step)


def _step(step: StepLine) -> Iterator[str]:
    if step.left_out:
        yield f"       {step.text}"
        return
    yield from textwrap.wrap(
        step.text, WIDTH, initial_indent=f"{step.number:3}. {'✓' if step.passed else '✗'} ", subsequent_indent=" " * 7
    )
    yield from _wrapped(step.detail, " " * 7)


def _heading(words: str) -> list[str]:
    return ["", f"── {words} ".ljust(WIDTH, "─")]


def _bytes(told: Report) -> Iterator[str]:
    if told.values:
        yield from _heading("Value")
        yield from told.values
    if told.difference is None:
        return
    yield from _heading("Bytes")
    yield told.difference.sentence
    yield from text_rows(told.difference)
    yield ""
    yield from hex_rows(told.difference)


def _ladder(exchange: Exchange) -> Iterator[str]:
    yield from _heading("What happened, from top to bottom")
    yield from ladder.text(exchange, width=WIDTH).splitlines()


def _state(told: Report) -> Iterator[str]:
    if not told.state:
        return
    yield from _heading("What your program was doing")
    for number, sentence in enumerate(told.state):
        yield from _wrapped(sentence)
        if number == 0:
            yield from _source_lines(told)
    if told.printed:
        yield "The end of what it printed:"
        yield from (f"  | {line}" for line in told.printed.split("\n"))


def _source_lines(told: Report) -> Iterator[str]:
    """The student's own lines that were being run, the innermost last, then the exception."""
    yield from (f"  {placed(line)}" for line in told.source)
    if told.crashed:
        yield from _wrapped(told.crashed, "  ")


def _mistake(told: Report, hint: int) -> Iterator[str]:
    yield from _heading("The likely mistake")
    if not told.findings:
        yield from _wrapped(told.unexplained)
        return
    first, *others = told.findings
    mistake = first.mistake
    yield from _wrapped(f"{mistake.name} (mistake {mistake.number})")
    yield from _wrapped(mistake.what)
    yield from _wrapped(f"Seen here: {printable(first.evidence)}")
    for number, words in enumerate(mistake.hints[: max(1, hint)], 1):
        yield from _wrapped(f"Hint {number}: {words}")
    if hint < len(mistake.hints):
        yield STRONGER.format(hint + 1)
    yield from _wrapped(f"Reread: {mistake.lecture}")
    for other in others[:1]:
        yield from _wrapped(f"It could also be: {other.mistake.name} (mistake {other.mistake.number}).")


def _again(told: Report) -> Iterator[str]:
    if not told.commands:
        return
    yield from _heading("See it yourself")
    terminal = 0
    for command in told.commands:
        if command.terminal != terminal:
            yield f"{_ORDER.get(command.terminal, 'In another')} terminal:"
        terminal = command.terminal
        yield f"  {command.text}"
    yield from _wrapped(told.note)


_ORDER = {1: "In one", 2: "In a second", 3: "In a third", 4: "In a fourth"}


def _painted(line: str) -> str:
    if line.startswith("── "):
        return f"{BOLD}{line}{PLAIN}"
    colour = RED if "✗" in line or line.strip().startswith("^") else GREEN if "✓" in line else ""
    return f"{colour}{line}{PLAIN}" if colour else line
