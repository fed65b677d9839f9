"""The exchange: one frozen history of what a student's program and its reference peer did to each other.

Owns the words everything else speaks: a call, a step, an outcome, the state of the student's program.
Must not know how the history was recorded, judged, drawn or graded; it imports nothing of ours.

Times are seconds on the machine's monotonic clock, counted from the start of the exchange.
Sizes are bytes. Names of calls and errors are those of POSIX (`recv`, `ECONNRESET`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

Side = Literal["student", "reference"]
Address = tuple[str, int]
"""An endpoint as Python writes it, host and port; IPv6's flow and scope are left out."""

STORED = 1024
"""The most bytes of one call's data that the history keeps; `Call.size` always tells how many there were."""


class Outcome(Enum):
    """What a step met. Each is a different thing that happened, so each has its own name."""

    DONE = "done"
    DATA = "bytes arrived"
    EOF = "end of file"
    RESET = "connection reset"
    REFUSED = "connection refused"
    SILENCE = "silence"
    TIMEOUT = "deadline passed"
    CRASH = "program crashed"
    EXIT = "program ended"
    SPINNING = "program spins"
    VALUE = "value returned"
    ERROR = "error"


@dataclass(frozen=True)
class Line:
    """A place in a program's text."""

    file: str
    number: int
    function: str
    text: str = ""


@dataclass(frozen=True)
class Call:
    """One call on a socket, by either side.

    `socket` numbers the sockets of one process in the order they were made (a descriptor is reused, this is not).
    `ended` is None for a call still blocked when the history was frozen.
    `data` holds the first STORED bytes sent or received, `size` the number of all of them; `offered` is how many bytes
    a call that sends was asked to send, of which it may have taken fewer.
    `error` is the errno's name (`"ECONNRESET"`) or, where there is none, the exception's (`"TypeError"`);
    `"killed"` if the check ended the process while the call waited.
    `made` is the number of the new socket that `accept` or `dup` returned.
    """

    side: Side
    name: str
    process: int
    socket: int
    descriptor: int
    started: float
    ended: float | None
    arguments: tuple[str | int, ...] = ()
    result: str | int | None = None
    error: str = ""
    message: str = ""
    size: int = 0
    offered: int = 0
    data: bytes = b""
    family: str = "AF_INET"
    type: str = "SOCK_STREAM"
    local: Address | None = None
    remote: Address | None = None
    made: int | None = None
    thread: int = 0
    line: Line | None = None
    blocking: bool = True

    @property
    def blocked(self) -> bool:
        """Whether the call had not returned when the history was frozen."""
        return self.ended is None

    @property
    def failed(self) -> bool:
        """Whether the call ended in an error; EAGAIN on a non-blocking socket counts too."""
        return bool(self.error)


@dataclass(frozen=True)
class Step:
    """One numbered step of a check: an action of the reference side or something it expected.

    `actor` is who acts or expects ("client", "client 2", "server", "check"), `text` what, in the third person
    ("sends 5 bytes"). `expected` and `received` are bytes where the step is about bytes; where it is about a value that
    was returned, `expected_value` and `received_value` are its repr. `detail` says what happened instead in one plain
    sentence when the step failed.
    """

    number: int
    actor: str
    text: str
    passed: bool
    outcome: Outcome
    expected: bytes | None = None
    received: bytes | None = None
    expected_value: str = ""
    received_value: str = ""
    detail: str = ""
    started: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class ProgramState:
    """The student's program when the history was frozen.

    `exit_status` is as `subprocess` gives it (negative: the signal that ended it), None while it runs.
    `stack` is where its main thread is, outermost first, the student's own lines only; `blocked_in` names the
    system call it waits in, "" if it runs. `traceback` and `exception` tell of a crash. `cpu` is in seconds.
    `output` is the end of what it printed. `returned` is the repr of a called function's value.
    """

    running: bool = True
    exit_status: int | None = None
    exception: str = ""
    traceback: tuple[Line, ...] = ()
    stack: tuple[Line, ...] = ()
    blocked_in: str = ""
    cpu: float = 0.0
    open_sockets: int = 0
    output: str = ""
    returned: str | None = None


@dataclass(frozen=True)
class Exchange:
    """The whole history of one check.

    `function` is the name of the student's function, `source` its text ("" where that is not known), `role` the part
    it plays. `given` is the address it was told to use, `bound` the one it really listens on (None before it does).
    `arguments` are those it was called with after the address, as Python writes them: many bytes as `bytes(6000000)`,
    whatever else is long as `…`. `ports` are those that it was given in a list, where it met several servers.
    """

    function: str
    role: Literal["server", "client", "function"]
    transport: Literal["tcp", "udp", "none"]
    calls: tuple[Call, ...] = ()
    steps: tuple[Step, ...] = ()
    program: ProgramState = field(default_factory=ProgramState)
    given: Address | None = None
    bound: Address | None = None
    seed: int = 0
    source: str = ""
    arguments: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()

    def by(self, side: Side, *names: str) -> Iterator[Call]:
        """The calls of one side in the order they began, all or those with these names."""
        return (call for call in self.calls if call.side == side and (not names or call.name in names))

    @property
    def failed_step(self) -> Step | None:
        """The step that failed, or None when every step passed."""
        return next((step for step in self.steps if not step.passed), None)
