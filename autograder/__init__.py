"""Sockets, call by call: students' network programs run for real, and what happened is judged, drawn and explained.

    from autograder import serve

    with serve(echo_server) as server:      # the student's function, in a process of its own
        client = server.connect()           # a reference client, over loopback
        client.sends(b"hello")
        client.expects(b"hello")

This module only names what a notebook imports; each name is loaded when it is first used, so that the process a
student's program runs in starts quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder import cuts as cuts
    from autograder import expect as expect
    from autograder import feedback as feedback
    from autograder import ladder as ladder
    from autograder import seed as seed
    from autograder.check import CheckFailed as CheckFailed
    from autograder.check import hint as hint
    from autograder.meeting import call as call
    from autograder.meeting import serve as serve

_FOUND_IN = {
    "CheckFailed": "check",
    "call": "meeting",
    "cuts": "",
    "expect": "",
    "feedback": "",
    "hint": "check",
    "ladder": "",
    "seed": "",
    "serve": "meeting",
}

__all__ = sorted(_FOUND_IN)


def __getattr__(name: str) -> Any:
    if name not in _FOUND_IN:
        raise AttributeError(f"autograder has no {name!r}; it has: {', '.join(__all__)}")
    home = _FOUND_IN[name]
    if not home:
        return importlib.import_module(f"autograder.{name}")
    return getattr(importlib.import_module(f"autograder.{home}"), name)
