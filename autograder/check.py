"""A check that failed: how it reaches the student.

Owns the exception, its showing in a notebook and a terminal, and the stronger hints on demand. Must not judge: what
happened is in the exchange, what to say of it in `feedback`.
"""

from __future__ import annotations

from autograder import feedback, mistakes
from autograder.exchange import Exchange
from autograder.finding import Finding
from autograder.words import printable

_failures: dict[str, CheckFailed] = {}
"""The last failure of each function since the kernel was started, the latest last."""


class CheckFailed(AssertionError):
    """A step of a check failed. `exchange` is the history up to it, `findings` the likely mistakes.

    In a notebook the picture is displayed when it is raised (`displayed`), and a brief text stands where a traceback
    would; elsewhere that is the whole feedback as text.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.findings: tuple[Finding, ...] = mistakes.recognise(exchange)
        self.displayed = False
        super().__init__(self.text())

    def text(self, hint: int = 1) -> str:
        """The feedback as text, with so many of the three hints."""
        return feedback.as_text(self.exchange, self.findings, hint=hint)

    def html(self) -> str:
        """The feedback as HTML with its picture."""
        return feedback.as_html(self.exchange, self.findings)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback: below the picture, what it does not need to say twice."""
        brief = feedback.as_brief(self.exchange, self.findings)
        return (brief if self.displayed else self.text()).splitlines()


class CheckStopped(KeyboardInterrupt):
    """The student interrupted a check; the program is ended and nothing is judged."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [str(self)]


def fail(exchange: Exchange) -> CheckFailed:
    """Make the failure of this exchange known: shown in a notebook, remembered for `hint`; raise what it returns."""
    failure = CheckFailed(exchange)
    _failures.pop(exchange.function, None)
    _failures[exchange.function] = failure
    failure.displayed = _display(failure)
    return failure


def _display(failure: CheckFailed) -> bool:
    """Show the picture, if this is a notebook; returns whether it is."""
    try:
        from IPython import get_ipython
        from IPython.display import HTML, display
    except ImportError:  # a plain Python: the exception's text is all there is
        return False
    shell = get_ipython()
    if shell is None or not (shell.has_trait("kernel") or shell.has_trait("collects")):  # JupyterLab's, or grading's
        return False
    display(HTML(failure.html()))  # type: ignore[no-untyped-call]
    return True


def hint(number: int = 2) -> None:
    """Print a stronger hint (2 or 3) for the check that failed last, and first which one that was."""
    if not _failures:
        print("No check has failed since this notebook was started: run one first.")
        return
    if number not in (1, 2, 3):
        print("There are three hints: hint(1), hint(2) and hint(3).")
        return
    *others, name = _failures
    failure = _failures[name]
    which = feedback.headline(failure.exchange).removesuffix(".")
    print(f"For the check that failed last ({printable(name)}: {which}):")
    if failure.findings:
        for position, words in enumerate(failure.findings[0].mistake.hints[:number], 1):
            print(f"{position}. {words}")
    else:
        print("No known mistake fits what happened, so there is no stronger hint.", feedback.advice(failure.exchange))
    if others:
        print(f"For a hint on {printable(' or '.join(others))}, run its check again first.")
