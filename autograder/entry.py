"""The first thing that runs in a student's process: it installs the tracing socket, then calls the function.

Owns the order of events in the child and what it tells of the program's end. Must not know the check that runs it.

    standard input    the program to run (see `program`), then nothing; its end means that the parent is gone
    standard output   the reports (see `calls`); the student's own printing is sent to standard error instead
    standard error    what the student prints
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import socket
import sys
from collections.abc import Callable
from typing import Any

from autograder import calls, limits, names, plain, program

SHOWN = 2000
"""The most characters of a value's repr, or of an exception's message, that are told."""


def _die_with_parent(lifeline: int) -> None:
    """Let the end of the parent's pipe kill this process and all it forked.

    On Linux the kernel does it (fcntl F_SETSIG with SIGKILL), so that a program which never lets another thread
    run dies too; elsewhere a thread waits for the end of the pipe.
    """
    if sys.platform == "linux":
        import fcntl
        import signal

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
        gone = select.poll()
        gone.register(lifeline, 0)
        if gone.poll(0):  # the parent went before the kernel was asked to watch
            os._exit(1)
    else:
        import threading

        def watch() -> None:
            os.read(lifeline, 1)
            os._exit(1)

        threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _stacks_on_signal(descriptor: int | None) -> None:
    """Write the main thread's stack to a descriptor on SIGUSR2, whatever the program is doing (faulthandler)."""
    if descriptor is None or sys.platform == "win32":
        return
    import faulthandler
    import signal

    faulthandler.register(signal.SIGUSR2, file=descriptor, all_threads=False)


def read_message(descriptor: int) -> bytes:
    """The next message (see `program.framed`); this process ends if the parent is gone or has no more to say."""
    return _read_exactly(descriptor, int.from_bytes(_read_exactly(descriptor, 8), "big"))


def _read_exactly(descriptor: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(descriptor, size - len(parts))
        if not part:
            os._exit(1)
        parts += part
    return bytes(parts)


def _crash(kind: str, error: BaseException) -> dict[str, Any]:
    return {
        "e": kind,
        "error": calls.kind(error),
        "name": calls.error_name(error),
        "kinds": [kind.__name__[:100] for kind in type(error).__mro__][:100],
        "message": _shown(error, str),
        "frames": calls.places(calls.frames(error))[-20:],
    }


def _tell_of_threads(report: calls.Reporter) -> None:
    """Report a thread's crash, then let Python print it as ever."""
    import threading

    usual = threading.excepthook

    def tell(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            report(_crash("thread crash", args.exc_value))
        usual(args)

    threading.excepthook = tell


def _call(report: calls.Reporter, job: dict[str, Any]) -> int:
    """Load the function and call it; report how it ended and return the exit status."""
    try:
        function = pickle.loads(job["function"])
        value = function(*map(_received, job["arguments"]))
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        report({"e": "exit", "status": code})
        return code
    except BaseException as error:
        report(_crash("crash", error))
        return 1
    report({"e": "return", "shown": _shown(value, repr)} | _crossing(value))
    return 0


def _crossing(value: object) -> dict[str, Any]:
    """The value as plain data, or else the name of its type."""
    try:
        return {"plain": True, "value": plain.dumps(value)}
    except plain.NotPlain:
        return {"plain": False, "type": type(value).__name__[:100]}


def _shown(value: object, how: Callable[[object], str]) -> str:
    """The beginning of what `str` or `repr` makes of an object; its class may be the student's, and do anything."""
    try:
        text = how(value)
    except BaseException:
        return f"<{type(value).__name__[:100]} object>"
    return text[:SHOWN]


def _received(argument: object) -> object:
    """An argument as it was given: for a descriptor that was passed, the socket (traced, like every other here)."""
    if not isinstance(argument, program.Passed):
        return argument
    if sys.platform == "win32":
        return socket.fromshare(argument.share)
    return calls.adopted(argument.descriptor)


def _move_to(job: dict[str, Any]) -> None:
    """Take over the parent's module search path, environment and working directory, as they are now."""
    if job["limits"] is not None:
        limits.impose(job["limits"])
    sys.path[:] = job["path"]
    os.environ.clear()
    os.environ.update(job["environment"])
    with contextlib.suppress(OSError):  # a folder that has been removed: the program may not need it
        os.chdir(job["directory"])


def main() -> None:
    """Wait for a program on standard input and run it; never returns."""
    import cloudpickle  # noqa: F401 - what every program's pickle needs, loaded before there is one

    lifeline, reports = os.dup(0), os.dup(1)
    job: dict[str, Any] = pickle.loads(read_message(lifeline))
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.close(quiet)
    os.dup2(2, 1)
    _die_with_parent(lifeline)
    _stacks_on_signal(job["stack"])
    _move_to(job)
    report = calls.Reporter(reports)
    report({"e": "start"})
    names.install(job["names"])
    calls.install(report)
    _tell_of_threads(report)
    status = _call(report, job)
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(status)
