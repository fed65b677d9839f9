"""The student's notebook in grading: a process in the sandbox that runs their cells and calls their functions.

Owns the student's names and what is done with them on request. Must not know why anything is asked, nor any check.
It runs in the same process as the student's code, so nothing that it says is believed (see `session`, which asks).

    descriptor in the first argument    first the limits and the module search path, then requests; JSON (see `entry`)
    descriptor in the second            an answer to each, in the same form
    standard output and error           what the student's code prints past Python

Requests, by "do": cell (source, name, most), names (names), call (of, arguments,
keywords), attribute (of, name), item (of, key), length (of), items (of), program (of, arguments).
A name or an object made before is told as {"name": …} or {"object": number}.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

from autograder import calls, entry, limits, plain, program

ITEMS = 10_000
"""The most items of an object that is no plain data which are told."""


def send(descriptor: int, message: dict[str, Any]) -> None:
    """Write one message."""
    whole = program.framed(json.dumps(message).encode())
    while whole:
        whole = whole[os.write(descriptor, whole) :]


def _receive(descriptor: int) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(entry.read_message(descriptor))
    return message


class _Guest:
    """The student's names, and the objects that they made and that could not cross."""

    def __init__(self) -> None:
        from autograder import shell  # now: once the student's code has run, an import may give anything

        self._runner = shell
        self._shell = shell.start()
        self._objects: list[Any] = []

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What a request gives; an exception of the student's code is an answer like any other."""
        deed: Callable[..., dict[str, Any]] = getattr(self, f"_{request.pop('do')}")
        return deed(**request)

    def _cell(self, source: str, name: str, most: int) -> dict[str, Any]:
        shown, _ = self._runner.run(self._shell, source, name, most)
        return {"outputs": shown}

    def _names(self, names: list[str]) -> dict[str, Any]:
        there = self._shell.user_ns
        return {"names": {name: self._told(there[name], {"name": name}) for name in names if name in there}}

    def _told(self, value: object, where: dict[str, Any] | None = None) -> dict[str, Any]:
        """A value as plain data, or as an object to ask about."""
        try:
            return {"value": plain.dumps(value)}
        except plain.NotPlain:
            if where is None:
                self._objects.append(value)
                where = {"object": len(self._objects) - 1}
            return {"of": where} | _described(value)

    def _find(self, of: dict[str, Any]) -> Any:
        return self._shell.user_ns[of["name"]] if "name" in of else self._objects[of["object"]]

    def _try(self, deed: Callable[[], Any], most: int) -> dict[str, Any]:
        """Do something with the student's objects; its value or error, and what was printed meanwhile."""
        outputs = self._runner.Outputs(most)
        with self._runner.streams(outputs):
            try:
                told = self._told(deed())
            except BaseException as error:
                told = {"error": _error(error)}
        return told | {"outputs": outputs.shown}

    def _call(self, of: dict[str, Any], arguments: list[str], keywords: dict[str, str], most: int) -> dict[str, Any]:
        given = [plain.loads(text) for text in arguments]
        named = {name: plain.loads(text) for name, text in keywords.items()}
        return self._try(lambda: self._find(of)(*given, **named), most)

    def _attribute(self, of: dict[str, Any], name: str, most: int) -> dict[str, Any]:
        return self._try(lambda: getattr(self._find(of), name), most)

    def _item(self, of: dict[str, Any], key: str, most: int) -> dict[str, Any]:
        return self._try(lambda: self._find(of)[plain.loads(key)], most)

    def _length(self, of: dict[str, Any], most: int) -> dict[str, Any]:
        return self._try(lambda: len(self._find(of)), most)

    def _items(self, of: dict[str, Any], most: int) -> dict[str, Any]:
        return self._try(lambda: list(islice(self._find(of), ITEMS)), most)

    def _program(self, of: dict[str, Any], arguments: int) -> dict[str, Any]:
        try:
            made = program.of(self._find(of), arguments)
        except program.NotAProgram as reason:
            return {"refused": str(reason)}
        pickle = base64.b64encode(made.function).decode("ascii")
        return {"name": str(made.name), "function": pickle, "source": made.source}


def _described(value: object) -> dict[str, str]:
    """What an object is, its name and its text, as far as its class, which may be the student's, lets it be known."""
    try:
        name = getattr(value, "__name__", "")
        called = name if type(name) is str else ""
        return {"kind": str(type(value).__name__), "called": called, "source": program.source(value)}
    except BaseException:
        return {"kind": "object", "called": "", "source": ""}


def _error(error: BaseException) -> dict[str, Any]:
    try:
        message = str(error)
    except BaseException:  # the exception's class may be the student's
        message = ""
    return {
        "kinds": [[kind.__module__, kind.__name__] for kind in type(error).__mro__],
        "message": message[:2000],
        "places": calls.places(calls.frames(error))[-20:],
    }


def main() -> None:
    """Answer requests until there are no more; never returns."""
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    begin = _receive(requests)
    if begin["limits"] is not None:
        limits.impose(begin["limits"])
    sys.path[:] = begin["path"]
    sys.argv[:] = ["notebook"]
    guest = _Guest()
    send(answers, {"ready": True})
    while True:
        request = _receive(requests)
        try:
            answer = guest.answer(request)
            send(answers, answer)
        except Exception as error:  # the student's code broke what this stands on; the asker is told, and decides
            send(answers, {"broken": f"{type(error).__name__}: {error}"[:500]})
