"""Claims about plain functions, in a check cell: `expect.equal(htons(1), 256, "htons(1)")`.

Owns the making of a one-step history from a value, so that a wrong value is shown as a wrong server is. Must not
start anything: what it is given has already been computed in the notebook.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from autograder import calls, program, seed
from autograder.check import fail
from autograder.exchange import Exchange, Outcome, ProgramState, Step
from autograder.expectations import brief, compared, other_value


def _failed(function: object, what: str, text: str, outcome: Outcome, detail: str, **rest: Any) -> BaseException:
    state = rest.pop("program", ProgramState(running=False))
    step = Step(1, "check", text, False, outcome, detail=detail, **rest)
    return fail(
        Exchange(
            function=what.partition("(")[0],
            role="function",
            transport="none",
            steps=(step,),
            program=state,
            seed=seed.number(),
            source=program.source(function),
        )
    )


def equal(actual: object, expected: object, what: str) -> None:
    """The value of `what` (the call as text, "htons(1)") is this one, of the same type.

    Raises CheckFailed otherwise; bytes are compared byte by byte. If the notebook has a function by the name that
    `what` begins with, its text becomes a part of the history.
    """
    _compare(sys._getframe(1).f_globals.get(what.partition("(")[0]), actual, expected, what)


def _compare(function: object, actual: object, expected: object, what: str) -> None:
    if type(actual) is type(expected) and actual == expected:
        return
    text = f"expects that {what} is {brief(expected)}"
    raise _failed(function, what, text, Outcome.VALUE, other_value(expected, actual), **compared(expected, actual))


def result(function: Callable[..., Any], *arguments: object) -> Any:
    """The value of `function(*arguments)`. Raises CheckFailed, with the student's own lines, if it raises anything."""
    try:
        return function(*arguments)
    except program.Stopped as reason:
        raise _stopped(function, _called(function, arguments), "returns a value", reason) from None
    except Exception as error:
        what = _called(function, arguments)
        detail = f"It raised {calls.kind(error)}: {error}".rstrip(": ") + "."
        if isinstance(error, NotImplementedError):
            detail = f"{_name(function)} has not been written yet: it still raises NotImplementedError."
        text = f"expects that {what} returns a value"
        raise _failed(function, what, text, Outcome.ERROR, detail, program=_state(error)) from None


def returns(expected: object, function: Callable[..., Any], *arguments: object) -> None:
    """`function(*arguments)` returns this value, of the same type. Raises CheckFailed otherwise."""
    _compare(function, result(function, *arguments), expected, _called(function, arguments))


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "the function")


def _called(function: Callable[..., Any], arguments: tuple[object, ...]) -> str:
    return f"{_name(function)}({', '.join(map(brief, arguments))})"


def raises(error: type[BaseException], function: Callable[..., Any], *arguments: object) -> None:
    """`function(*arguments)` raises this exception or one derived from it. Raises CheckFailed otherwise."""
    what = _called(function, arguments)
    text = f"expects that {what} raises {error.__name__}"
    try:
        value = function(*arguments)
    except program.Stopped as reason:  # before the other: it is an exception too, but not the student's
        raise _stopped(function, what, f"raises {error.__name__}", reason) from None
    except error:
        return
    except Exception as other:
        detail = f"It raised {calls.kind(other)}: {other}"
        raise _failed(function, what, text, Outcome.ERROR, detail, program=_state(other)) from None
    raise _failed(function, what, text, Outcome.VALUE, f"It returned {brief(value)} instead.")


def _stopped(function: object, what: str, claim: str, reason: program.Stopped) -> BaseException:
    return _failed(function, what, f"expects that {what} {claim}", Outcome.TIMEOUT, str(reason))


def _state(error: Exception) -> ProgramState:
    places = [list(frame) for frame in calls.frames(error)[1:]]
    places = getattr(error, "places", places)  # in grading it was raised elsewhere, and brings its own
    lines = tuple(found for place in places if (found := program.line(place)) is not None)
    return ProgramState(running=False, exception=f"{calls.kind(error)}: {error}", traceback=lines)
