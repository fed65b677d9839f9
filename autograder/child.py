"""The child: the process a student's program runs in, seen from the parent.

Owns starting it, hearing its reports and its output, asking where it is, and ending it whole. Must not know what it
is started for. Every process that runs a student's code is started here.

A child never outlives its parent: its standard input is a pipe whose end kills it (see `entry`).
In grading it runs behind walls (see `sandbox`), and what it reports is checked before it is believed (see `reports`).
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, Protocol

import psutil

from autograder import kernel, reports
from autograder.program import Fault, Passed, Program, Surroundings

OUTPUT_KEPT = 64 * 1024
"""Bytes of a program's printing that are kept: the last ones."""

END_SECONDS = 10.0
"""How long a killed process may take to be gone; only a machine in trouble takes longer."""

REPORTED = 64 * 1024 * 1024
"""So many bytes of reports a program may make; one that makes more floods us, and is ended."""

REPORTS = 60_000
"""The same, in reports; the calls that move data are told one by one only up to calls.FULL_REPORTS."""

FLOOD = "It made more calls on sockets, or returned a larger value, than can be told, and was ended."

STACK_READ = 1024 * 1024
"""So many bytes of what is told of a stack are read: the program can write there too."""

STACK_SECONDS = 10.0
"""How long a stack asked for may take to arrive before it is done without."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ENTRY = os.path.join(_PACKAGE, "autograder", "entry.py")
_OUR_FRAME = re.compile(rf'^ *File "{re.escape(_PACKAGE)}.autograder.*\n(?:    .*\n)*', re.MULTILINE)
_FRAME = re.compile(r'^  File "(.{1,1000})", line (\d{1,9}) in (.{1,400})$', re.MULTILINE)
_STACK = "Stack (most recent call first)"
_MAIN = "from autograder.entry import main; main()"


class Walls(Protocol):
    """What stands around a program, if anything does."""

    def start(
        self, words: list[str], environment: Mapping[str, str], descriptors: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        """Start these words behind the walls, in a session of their own, with pipes; the descriptors are inherited."""

    def surroundings(self) -> Surroundings:
        """What the program finds there."""

    def family(self, number: int) -> list[int]:
        """The processes behind the walls that process `number` made, the program first; none before it is there."""

    def reached(self, number: int, error: str, message: str, status: int | None) -> str:
        """Which limit the program ran into, as a sentence; "" for none."""

    def exit_status(self, status: int) -> int:
        """The program's exit status, as subprocess gives it, by that of what put the walls up."""


_walls: Walls | None = None


def confine(walls: Walls) -> None:
    """From now on, start every program behind these walls."""
    global _walls
    dismiss_spare()
    _walls = walls


def name_inherited(descriptor: int) -> int:
    """The number by which a program that inherits this descriptor of ours finds it: on Windows, its handle."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.get_osfhandle(descriptor)
    return descriptor


def _inheriting(descriptors: tuple[int, ...]) -> dict[str, Any]:
    """What Popen must be told so that the child inherits just these descriptors besides its standard ones."""
    if sys.platform == "win32":
        handles = [name_inherited(descriptor) for descriptor in descriptors]
        for handle in handles:
            os.set_handle_inheritable(handle, True)
        return {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})}
    return {"pass_fds": descriptors}


@dataclass(frozen=True)
class _Waiting:
    """A Python process that has loaded what every program needs and waits for its job.

    `stack` is the file it writes stacks to, None on Windows.
    """

    process: subprocess.Popen[bytes]
    stack: IO[bytes] | None


def _start(inherits: tuple[int, ...] = ()) -> _Waiting:
    # closed in `end` or `dismiss_spare`, with the pipes
    stack = None if sys.platform == "win32" else tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
    words = [sys.executable, "-P", "-c", _MAIN]
    descriptors = inherits if stack is None else (stack.fileno(), *inherits)
    more = {"PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "", "PYTHONPATH": _PACKAGE}
    if _walls is not None:
        words.insert(1, "-s")  # the student's home is theirs to write: nothing in it may run before the limits hold
        return _Waiting(_walls.start(words, {**_walls.surroundings().environment, **more}, descriptors), stack)
    process = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
        **_inheriting(descriptors),
        env=os.environ | more,
    )
    return _Waiting(process, stack)


_spare: list[_Waiting] = []
"""At most one process, started when a check ends so that the next need not wait for Python to start."""


def _take_spare() -> _Waiting | None:
    """The spare, if there is one, it lives, and it is this process's own (not a forked copy's)."""
    waiting = _spare.pop() if _spare else None
    return waiting if waiting is not None and waiting.process.poll() is None and _spare_owner == os.getpid() else None


def _prepare_spare() -> None:
    global _spare_owner
    if not _spare:
        _spare.append(_start())
        _spare_owner = os.getpid()


_spare_owner = os.getpid()


@atexit.register
def dismiss_spare() -> None:
    """End the spare process, if there is one; the next program starts a process of its own."""
    while _spare:
        waiting = _spare.pop()
        if _spare_owner == os.getpid():
            waiting.process.kill()
            waiting.process.wait(END_SECONDS)
        for file in (waiting.process.stdin, waiting.process.stdout, waiting.process.stderr, waiting.stack):
            if file is not None:
                file.close()


class Child:
    """One process with a student's program. `tell` gets each report, from a thread of the child's own.

    The program inherits the descriptors in `inherits` too; it finds them by `name_inherited`. `names` are host names
    that lead to the addresses beside them there (see `names`).
    """

    def __init__(
        self,
        program: Program,
        arguments: tuple[object, ...],
        tell: Callable[[dict[str, Any]], None],
        *,
        inherits: tuple[int, ...] = (),
        names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._tell = tell
        self._pump_lock = threading.RLock()  # the collector may call `end` in a thread that pumps
        self._pending = bytearray()
        self._output = bytearray()
        self._heard: set[int] = set()
        self._reported = self._lines = 0
        self._begun = self._over = False
        self._walls = _walls
        sockets = [one.fileno() for one in arguments if isinstance(one, socket.socket) and sys.platform != "win32"]
        inherits = (*inherits, *sockets)
        waiting = (None if inherits else _take_spare()) or _start(inherits)
        self._process, self._stack = waiting.process, waiting.stack
        stack = None if self._stack is None else self._stack.fileno()
        assert self._process.stdin is not None
        self._lifeline: IO[bytes] = self._process.stdin
        self._start_listening()
        with contextlib.suppress(BrokenPipeError):  # it died at once; its end is reported like any other
            around = None if self._walls is None else self._walls.surroundings()
            passed = tuple(map(self._passed, arguments))
            self._lifeline.write(program.job(passed, stack, around, names))
        self.killed = False
        """Whether `end` has been called: the program was ended by us."""

    def _passed(self, argument: object) -> object:
        """What stands for an argument in the job: a socket is passed by its descriptor."""
        if not isinstance(argument, socket.socket):
            return argument
        if sys.platform == "win32":
            return Passed(0, argument.share(self._process.pid))
        return Passed(argument.fileno())

    @property
    def number(self) -> int:
        """The process's number; behind walls that of what puts them up, until the program is there."""
        return next(iter(self.processes()), self._process.pid)

    # -- hearing ------------------------------------------------------------------------------------------------

    def _start_listening(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._reports: Any = self._process.stdout
        self._printing: Any = self._process.stderr
        if sys.platform != "win32":
            os.set_blocking(self._reports.fileno(), False)
        self._threads = [
            threading.Thread(target=self._hear, name="reports", daemon=True),
            threading.Thread(target=self._drain, name="output", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _hear(self) -> None:
        if sys.platform == "win32":
            while part := os.read(self._reports.fileno(), 65536):
                self._take(part)
            return
        waiting = select.poll()
        waiting.register(self._reports.fileno(), select.POLLIN)
        while waiting.poll():
            if not self.pump():
                return

    def pump(self) -> bool:
        """Take every report already written, without waiting; returns False when there can be no more."""
        if sys.platform == "win32":
            return True
        with self._pump_lock:
            while True:
                try:
                    part = os.read(self._reports.fileno(), 65536)
                except BlockingIOError:
                    return True
                except (OSError, ValueError):  # closed under us by `end`
                    return False
                if not part:
                    return False
                self._take(part)

    def _take(self, part: bytes) -> None:
        self._pending += part
        self._reported += len(part)
        self._lines += part.count(b"\n")
        if self._flooded():
            self._kill_group()
            self._pending.clear()
            return
        if b"\n" not in part:  # a long report, such as a large value returned: split once, when it is whole
            return
        *lines, rest = self._pending.split(b"\n")
        self._pending = rest
        for line in lines:
            report = reports.parse(bytes(line))
            if report is None:
                continue  # a student's code wrote to our descriptor; nothing of ours is lost by it
            if report["e"] in ("start", "fork"):
                self._begun = True
                self._heard.add(report["pid"])
            self._over = self._over or report["e"] in ("return", "exit", "crash")
            self._tell(report if self._walls is None else self._renumbered(report))

    def _flooded(self) -> bool:
        return self._reported > REPORTED or self._lines > REPORTS

    def _renumbered(self, report: dict[str, Any]) -> dict[str, Any]:
        """Behind walls every program numbers its processes alike; ours tells one program's from another's."""
        ours = {name: self._process.pid << 22 | report[name] for name in ("pid", "parent") if name in report}
        return report | ours

    def _drain(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(self._printing.fileno(), 65536):
                self._output += part
                del self._output[:-OUTPUT_KEPT]

    @property
    def output(self) -> str:
        """The end of what the program printed, on both its streams; lines of our own in a traceback are left out."""
        return _OUR_FRAME.sub("", self._output.decode("utf-8", "replace"))

    # -- looking ------------------------------------------------------------------------------------------------

    def status(self) -> int | None:
        """The exit status, as subprocess gives it, or None while it runs.

        Raises Fault if it ended before it was there, because the walls could not be put up.
        """
        status = self._process.poll()
        if status is None or self._walls is None:
            return status
        self.pump()
        if not self._begun and not self.killed:
            raise Fault(f"a student's process could not be started: {self.output.strip() or f'status {status}'}")
        return status if self._over else self._walls.exit_status(status)

    def reached(self, error: str, message: str) -> str:
        """Which limit it ran into, if it ended, or crashed with this error; "" for none."""
        if self._flooded():
            return FLOOD
        if self._walls is None:
            return ""
        return self._walls.reached(self._process.pid, error, message, None if self.killed else self.status())

    def wait(self, seconds: float) -> int | None:
        """Wait for the program's end, at most so many seconds; returns its exit status or None."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll()

    def processes(self) -> list[int]:
        """The child and every process it started that still runs."""
        if self._walls is not None:
            return self._walls.family(self._process.pid)
        if kernel.READABLE:
            return kernel.children(self._process.pid)
        number = self._process.pid
        try:
            return [number, *(one.pid for one in psutil.Process(number).children(recursive=True))]
        except psutil.NoSuchProcess:
            return []

    def waits(self, *, unanswered: bool = False) -> tuple[kernel.Thread, ...] | None:
        """Its threads, if all of them wait and it is known how long they may; None otherwise.

        With `unanswered` nobody will ever answer what it connects to: then a wait in connect() is known to be as long
        as the system's patience, which is minutes.
        """
        if not kernel.READABLE:
            return None
        if not unanswered:
            return kernel.all_wait(self.processes())
        found = [one for number in self.processes() for one in kernel.threads(number) if one.state != "Z"]
        seen = tuple(
            replace(one, limit=math.inf) if (one.call, one.state) == ("connect", "S") else one for one in found
        )
        return seen if seen and all(one.limit is not None for one in seen) else None

    def runs(self) -> bool:
        """Whether one of its threads uses a processor, or is about to; False where nobody can tell."""
        return any(thread.state in "RD" for number in self.processes() for thread in kernel.threads(number))

    def cpu(self) -> float:
        """Processor time that it and its processes used so far, in seconds."""
        if kernel.READABLE:
            return sum(kernel.cpu_seconds(process) or 0.0 for process in self.processes())
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)

    def memory(self) -> dict[int, int]:
        """The resident memory of each of its processes, in bytes."""
        return {number: size for number in self.processes() if (size := _memory(number, alone=False))}

    def growth(self, before: Mapping[int, int]) -> int:
        """By how many bytes its memory has grown since `memory` said `before`.

        Of a process that has come since only what it has for itself counts: a forked one shares its parent's pages.
        """
        return sum(_memory(number, alone=number not in before) - before.get(number, 0) for number in self.processes())

    def stack(self) -> list[tuple[str, int, str]]:
        """Where the main thread is: (file, line, function), outermost first; empty if it cannot be asked."""
        if sys.platform == "win32" or self._stack is None or self.status() is not None:
            return []
        self._stack.truncate(0)
        self._stack.seek(0)
        # The second answer begins only when the first is complete.
        number = self.number
        for answers in (1, 2):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGUSR2)
            if not self._answered(answers):
                return []
        # Read without moving the offset, which both processes share: the second answer may still be under way.
        told = os.pread(self._stack.fileno(), STACK_READ, 0)
        _, _, answers_told = told.decode("utf-8", "replace").partition(_STACK)
        first, _, _ = answers_told.partition(_STACK)
        frames = [(file, int(line), name) for file, line, name in _FRAME.findall(first)][::-1]
        ours = [position for position, frame in enumerate(frames) if frame[0] == _ENTRY]
        return frames[ours[-1] + 1 :] if ours else []

    def _answered(self, times: int) -> bool:
        if sys.platform == "win32" or self._stack is None:
            return False
        deadline = time.monotonic() + STACK_SECONDS
        gone = select.poll()
        gone.register(self._reports.fileno(), 0)
        while time.monotonic() < deadline:
            size = min(os.fstat(self._stack.fileno()).st_size, STACK_READ)
            if os.pread(self._stack.fileno(), size, 0).count(_STACK.encode()) >= times:
                return True
            if gone.poll(2):  # milliseconds; wakes at once when the program ends
                return False
        return False

    # -- ending -------------------------------------------------------------------------------------------------

    def end(self) -> int:
        """Kill the program and whatever it started, and wait until all is gone; returns its exit status."""
        if not self.killed:
            self.killed = True
            self.pump()
            # behind walls it numbers its processes itself: what it heard of them are not our numbers
            family = self.processes() if self._walls is None else kernel.children(self._process.pid)
            self._kill_group()
            self._kill_each([*family, *self._heard] if self._walls is None else family)
            self._process.wait(END_SECONDS)
            self._close()
            _prepare_spare()
        return self._process.returncode

    def _kill_group(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _kill_each(self, numbers: list[int]) -> None:
        gone = []
        for number in {*numbers} - {self._process.pid}:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                one = psutil.Process(number)
                if one.create_time() >= psutil.Process(os.getpid()).create_time():
                    one.kill()
                    gone.append(one)
        _wait_for_end(gone)

    def _close(self) -> None:
        for thread in {*self._threads} - {threading.current_thread()}:  # the collector may call `end` in one of them
            thread.join(END_SECONDS)
        for file in (self._lifeline, self._reports, self._printing, self._stack):
            if file is not None:
                with contextlib.suppress(OSError):
                    file.close()


def _memory(number: int, *, alone: bool) -> int:
    """A process's resident memory in bytes, or, where the system tells, only what it shares with none; 0 if it is gone.

    Source: psutil's Process.memory_info (rss) and memory_full_info (uss).
    """
    try:
        process = psutil.Process(number)
        if alone:
            with contextlib.suppress(psutil.AccessDenied):
                return int(process.memory_full_info().uss)
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _wait_for_end(processes: list[psutil.Process]) -> None:
    """Wait until these killed processes are dead; on Linux also where nobody collects them, as in many containers."""
    if sys.platform != "linux":
        psutil.wait_procs(processes, END_SECONDS)
        return
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process.pid)
            try:
                dead = select.poll()
                dead.register(descriptor, select.POLLIN)
                dead.poll(END_SECONDS * 1000)
            finally:
                os.close(descriptor)
