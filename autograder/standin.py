"""Stand-ins: what the student's names are in the trusted process.

Owns how a call, an attribute or an item crosses to the student's notebook and what comes back. Must not know what is
graded. Values cross as plain data (see `plain`); everything else stays there, and a stand-in comes back for it.
"""

from __future__ import annotations

import base64
import binascii
import builtins
import struct
import sys
from collections.abc import Iterator
from typing import Any

from autograder import displayed, plain, program, reports
from autograder.session import Session

NAMED = 200
"""The most characters of a name that is told from the other side."""


class StandIn(program.Elsewhere):
    """An object of the student's, in their notebook in the sandbox: it can be called, and asked for what it has."""

    def __init__(self, session: Session, told: dict[str, Any], name: str) -> None:
        self._session, self._told = session, told
        self.__name__ = _text(told.get("called")) or name
        self.__qualname__ = self.__name__

    @property
    def _of(self) -> dict[str, Any]:
        of = self._told.get("of")
        return of if isinstance(of, dict) else {}

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        """Call it there. An exception comes back as one of the same name, derived from the same built-in ones."""
        given = [self._crossing(value) for value in arguments]
        named = {name: self._crossing(value) for name, value in keywords.items()}
        return self._ask("call", f"what {self.__name__} returned", arguments=given, keywords=named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # only what a check can mean; Python asks for many others
            raise AttributeError(name)
        return self._ask("attribute", f"{self.__name__}.{name}", name=name)

    def __getitem__(self, key: object) -> Any:
        return self._ask("item", f"an item of {self.__name__}", key=self._crossing(key))

    def __len__(self) -> int:
        value = self._ask("length", f"the length of {self.__name__}")
        return value if type(value) is int else 0

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        items = self._ask("items", f"the items of {self.__name__}")
        return iter(items if isinstance(items, list | StandIn) else ())

    def __repr__(self) -> str:
        return f"<{_text(self._told.get('kind'))} {self.__name__}>"

    def program(self, arguments: int) -> tuple[str, bytes, str]:
        """Its name, its pickle, which only sandboxed processes load, and its text."""
        answer = self._session.ask("program", of=self._of, arguments=arguments)
        if "refused" in answer:
            raise program.NotAProgram(_text(answer["refused"], 2000))
        try:
            function = base64.b64decode(answer.get("function", ""), validate=True)
        except (TypeError, binascii.Error, ValueError):
            raise program.Stopped("The notebook's answer made no sense.") from None
        return _text(answer.get("name")) or self.__name__, function, _text(answer.get("source"), 100_000)

    def source(self) -> str:
        """Its text, "" if it has none."""
        return _text(self._told.get("source"), 100_000)

    def _crossing(self, value: object) -> str:
        try:
            return plain.dumps(value)
        except plain.NotPlain as reason:
            raise program.Fault(
                f"this check gives {self.__name__} {reason}; in grading only plain data cross to a student's code. "
                "Make it in the student's process, or give what it is made of."
            ) from None

    def _ask(self, do: str, what: str, **rest: Any) -> Any:
        answer = self._session.ask(do, of=self._of, most=100_000, **rest)
        for output in displayed.safe(answer.get("outputs"), 100_000):
            if output["output_type"] == "stream":
                getattr(sys, output["name"]).write(output["text"])
        if isinstance(answer.get("error"), dict):
            raise _raised(answer["error"])
        return received(self._session, answer, what)


def received(session: Session, told: object, name: str) -> Any:
    """What the other side tells of an object: the value itself if it is plain data, a stand-in otherwise."""
    if not isinstance(told, dict):
        raise program.Stopped("The notebook's answer made no sense.")
    if isinstance(told.get("value"), str):
        try:
            return plain.loads(told["value"])
        except plain.NotPlain:
            raise program.Stopped("The notebook's answer made no sense.") from None
    return StandIn(session, told, name)


def _text(value: object, most: int = NAMED) -> str:
    return displayed.text(value, most)


_KNOWN = {
    (kind.__module__, kind.__name__): kind
    for kind in (*vars(builtins).values(), struct.error)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind.__name__ != "ExceptionGroup"  # it needs others
}
"""The exceptions that a student's may be derived from, here as there."""


def _raised(error: dict[str, Any]) -> Exception:
    """An exception like the student's: of the same name, message and built-in classes; `places` tells where it was."""
    names = list(_kinds(error.get("kinds"))) or [("builtins", "Exception")]
    base = next((_KNOWN[name] for name in names if name in _KNOWN), Exception)
    message = _text(error.get("message"), 2000)
    (module, name), places = names[0], error.get("places")
    kind = type(name, (base,), {"__module__": module, "__str__": lambda self: message})
    made: Any = kind.__new__(kind)  # type: ignore[call-overload]  # kind is a class of exceptions, made above
    made.args = (message,) if message else ()
    made.places = [place for place in places if reports.is_place(place)] if isinstance(places, list) else []
    raised: Exception = made
    return raised


def _kinds(told: object) -> Iterator[tuple[str, str]]:
    """The (module, name) of an exception's class and of those it is derived from."""
    for pair in told if isinstance(told, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair):
            yield _text(pair[0]), _text(pair[1])
