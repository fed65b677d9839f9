"""The report: what a failing check tells, in the order it is told, before it is text or a page.

Owns the sentences of the six parts. Must not know about terminals, HTML or colours; reads only the exchange and the
findings, so the same history always gives the same report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.difference import Difference, difference, value_rows
from autograder.exchange import Call, Exchange, Line, Outcome, ProgramState, Step
from autograder.finding import Finding
from autograder.reproduction import Command, reproduction
from autograder.words import claim, exit_status, instead, output, printable, quantity

FIRST, LAST = 4, 6
"""Passed steps shown at the beginning and before the failed one; a longer run is told as a number."""

PAST = {
    "expects ": "expected ",
    "listens ": "should have listened ",
    "binds its socket ": "should have bound its socket ",
    "is refused ": "should have been refused ",
    "is killed, starts again and listens ": "was killed and started again, and should have listened ",
    "is killed, starts again and binds ": "was killed and started again, and should have bound ",
    "half-closes": "tried to half-close",
    "closes": "tried to close",
    "aborts": "tried to abort",
    "replies": "tried to reply",
    "repeats what it reads, as it reads it, until the program ends": (
        "repeated what it read and waited for the program to end"
    ),
}
"""How the beginning of a step is told afterwards; of other verbs it is told that the reference tried."""


@dataclass(frozen=True)
class StepLine:
    """One numbered step: whether it passed, its words, and what happened instead; or a run of steps left out."""

    number: int
    passed: bool
    text: str
    detail: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class Report:
    """The six parts; a part that has nothing to say is empty."""

    headline: str
    steps: tuple[StepLine, ...]
    difference: Difference | None
    values: tuple[str, ...]
    state: tuple[str, ...]
    source: tuple[Line, ...]
    crashed: str
    printed: str
    findings: tuple[Finding, ...]
    unexplained: str
    commands: tuple[Command, ...]
    note: str
    drawn: bool
    """Whether there are calls to draw a ladder of."""


def report(exchange: Exchange, findings: Sequence[Finding]) -> Report:
    """Put together what is told of one exchange."""
    failed, program = exchange.failed_step, exchange.program
    commands, note = reproduction(exchange)
    return Report(
        headline=headline(exchange),
        steps=_steps(exchange),
        difference=_difference(failed),
        values=_values(failed),
        state=_state(exchange),
        source=_source(exchange),
        crashed=printable(program.exception)[:300],
        printed=output(program.output) if program.output.strip() else "",
        findings=tuple(findings),
        unexplained=_unexplained(exchange) if failed and not findings else "",
        commands=commands,
        note=note,
        drawn=not plain(exchange),
    )


def plain(exchange: Exchange) -> bool:
    """Whether it is about a plain function, which made no calls: there is nothing to draw, and no program that ran."""
    return exchange.role == "function" and exchange.transport == "none" and not exchange.calls


def headline(exchange: Exchange) -> str:
    """One sentence: what went wrong, or that nothing did."""
    failed = exchange.failed_step
    if failed is None:
        return f"All {quantity(len(exchange.steps), 'step')} passed." if exchange.steps else "Nothing was checked."
    met = instead(failed)
    against = failed.outcome in ABRUPT or failed.text.startswith(AGAINST)
    joined = ", but" if against else ", and"
    return f"Step {failed.number} failed: {_who(exchange, failed)} {_past(failed)}{f'{joined} {met}' if met else ''}."


ABRUPT = (Outcome.CRASH, Outcome.EXIT, Outcome.SPINNING, Outcome.TIMEOUT)
AGAINST = ("expects silence", "repeats what it reads")
"""Outcomes, and beginnings of steps, that make what came instead a contrast: "but", not "and"."""


def _who(exchange: Exchange, step: Step) -> str:
    actor = _actor(exchange, step)
    return f"the {actor}" if actor in ("client", "server", "check", "program") else actor


def _actor(exchange: Exchange, step: Step) -> str:
    """A step's actor; the first client is "client 1" where there are more, and so the first server."""
    several = any(other.actor.startswith(f"{step.actor} ") for other in exchange.steps)
    return f"{step.actor} 1" if several and step.actor in ("client", "server") else printable(step.actor)


def _past(step: Step) -> str:
    """A step's words (third person, present) as they are told afterwards."""
    words = printable(claim(step))[:200]
    for start, told in PAST.items():
        if words.startswith(start):
            return told + words.removeprefix(start)
    verb, _, rest = words.partition(" ")
    return f"tried to {verb.removesuffix('s')} {rest}".rstrip()


def _steps(exchange: Exchange) -> tuple[StepLine, ...]:
    failed = exchange.failed_step
    shown = [step for step in exchange.steps if failed is None or step.number <= failed.number]
    lines = [
        StepLine(
            step.number,
            step.passed,
            f"{_actor(exchange, step)} {printable(step.text)[:300]}",
            "" if step.passed else printable(step.detail)[:600],
        )
        for step in shown
    ]
    hidden = len(lines) - FIRST - LAST
    if hidden > 1:
        gap = StepLine(lines[FIRST].number, True, f"… {quantity(hidden, 'step')} passed …", left_out=hidden)
        lines[FIRST : FIRST + hidden] = [gap]
    return tuple(lines)


def _difference(step: Step | None) -> Difference | None:
    if step is None or step.expected is None or step.outcome is Outcome.REFUSED:
        return None
    if not step.expected and not step.received:
        return None
    return difference(step.expected, step.received or b"")


def _values(step: Step | None) -> tuple[str, ...]:
    if step is None or step.expected is not None or not (step.expected_value and step.received_value):
        return ()
    return tuple(value_rows(printable(step.expected_value), printable(step.received_value)))


def _state(exchange: Exchange) -> tuple[str, ...]:
    """What the student's program was doing, in sentences."""
    program = exchange.program
    if plain(exchange) and not program.exception:
        return ()
    told = [_doing(exchange, program)]
    if not _source(exchange) and not program.exception:
        told[0] = told[0].removesuffix(":").removesuffix(".") + "."
    if program.running and program.open_sockets:
        told.append(f"It had {quantity(program.open_sockets, 'socket')} open.")
    if exchange.bound and exchange.given and exchange.bound[1] != exchange.given[1]:
        told.append(f"It was told to use port {exchange.given[1]}, and uses port {exchange.bound[1]}.")
    return tuple(told)


def _source(exchange: Exchange) -> tuple[Line, ...]:
    """The student's own lines to show: of the crash, or where the program is, or of the call it waits in."""
    program = exchange.program
    if program.traceback or program.stack:
        return (program.traceback or program.stack)[-5:]
    return tuple(call.line for call in _blocked(exchange) if call.line)[-1:]


def _blocked(exchange: Exchange) -> list[Call]:
    """The calls that the program waits in, in the order of its sockets: which thread came to wait first is chance."""
    waiting = (call for call in exchange.by("student") if call.blocked)
    return sorted(waiting, key=lambda call: (call.process, call.socket))


def placed(line: Line) -> str:
    """A line of the student's program: its number, its function and its text."""
    where = f"line {line.number}, in {printable(line.function)}"
    return f"{where}:  {printable(line.text.strip())[:200]}" if line.text.strip() else where


def _doing(exchange: Exchange, program: ProgramState) -> str:
    name = printable(exchange.function)
    if program.exception:
        status = f", {exit_status(program.exit_status)}" if program.exit_status is not None else ""
        return f"A thread of {name} crashed:" if program.running else f"{name} crashed{status}:"
    if program.returned is not None:
        end = ", and so ended: a server goes on" if exchange.role == "server" else ""
        return f"{name} returned {printable(program.returned)[:200]}{end}."
    if not program.running:
        how = f": {exit_status(program.exit_status)}" if program.exit_status is not None else ""
        return f"{name} had ended{how}."
    if blocked := _blocked(exchange):
        names = ", ".join(dict.fromkeys(call.name for call in blocked))
        return f"{name} was waiting in {names}:"
    if program.blocked_in:
        return f"{name} was waiting in the system call {printable(program.blocked_in)}:"
    failed = exchange.failed_step
    if failed and failed.outcome is Outcome.SPINNING:
        return f"{name} was running without ever waiting:"
    return f"{name} was running:"


def _unexplained(exchange: Exchange) -> str:
    failed = None if plain(exchange) else exchange.failed_step
    seen = f" What was seen: {_stopped(printable(failed.detail)[:300])}" if failed and failed.detail else ""
    return f"None of the mistakes this course knows by name fits.{seen} {advice(exchange)}"


def _stopped(words: str) -> str:
    """Words as a sentence: with a stop at their end."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def advice(exchange: Exchange) -> str:
    """What to do where no known mistake fits."""
    if not plain(exchange):
        return "Read the ladder from the top: find the first row that you did not expect."
    failed = exchange.failed_step
    compare = "Compare expected and received, byte by byte; work"
    if exchange.program.exception or failed is None or not (failed.expected_value or failed.expected is not None):
        compare = "Work"
    return f"{compare} out on paper what your function does with these arguments."
