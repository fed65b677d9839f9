"""A terminal of a test's own: commands that serve, run as a student runs them, and met as soon as they can be.

Owns the telling of when that is: a `sitecustomize` reports each socket that listens, or (UDP) is bound, on a pipe, so
that nothing is waited for by the clock. The commands themselves stay as they are. Must not know what they do.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

DEADLINE_SECONDS = 120
"""Until a command serves, or an answer comes; a busy machine takes seconds to start Python."""

REPORTING = """
import os, socket

def reporting(name, kind):
    plain = getattr(socket.socket, name)
    def call(self, *arguments):
        if name == "bind" and "ANY_PORT" in os.environ:
            arguments = ((arguments[0][0], 0, *arguments[0][2:]),)
        value = plain(self, *arguments)
        if self.type == kind:
            os.write(int(os.environ["READY"]), b"%d\\n" % self.getsockname()[1])
        return value
    setattr(socket.socket, name, call)

reporting("listen", socket.SOCK_STREAM)
reporting("bind", socket.SOCK_DGRAM)
if "ANY_PORT" in os.environ:
    reporting("bind", None)
"""


class Terminal:
    """A command that serves in a session of its own; with `any_port` the system chooses the port that it binds."""

    def __init__(self, command: str | Sequence[str], folder: Path, *, any_port: bool = False) -> None:
        (folder / "sitecustomize.py").write_text(REPORTING, encoding="utf-8")
        self._ready, told = os.pipe()
        path = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
        environment = os.environ | {"PYTHONPATH": str(folder), "READY": str(told), "PATH": os.pathsep.join(path)}
        environment |= {"ANY_PORT": "1"} if any_port else {}
        self.process = subprocess.Popen(
            command,
            shell=isinstance(command, str),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            pass_fds=[told],
            start_new_session=True,
        )
        os.close(told)

    def port(self) -> int:
        """Where it serves, as soon as it does."""
        if not select.select([self._ready], [], [], DEADLINE_SECONDS)[0]:
            raise AssertionError(f"{self.process.args} does not serve, and did not end")
        told = os.read(self._ready, 100)
        assert told, f"{self.process.args} ended: {self.end()}"
        return int(told.split()[0])

    def end(self, sign: int = signal.SIGKILL) -> str:
        """End it with all its processes, by SIGKILL or as Ctrl-C does; what it printed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)
        return self.process.communicate(timeout=DEADLINE_SECONDS)[0].decode()

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.end()
        os.close(self._ready)


@contextlib.contextmanager
def terminal(command: str | Sequence[str], folder: Path, *, any_port: bool = False) -> Iterator[Terminal]:
    """A terminal for the time of a `with` statement."""
    opened = Terminal(command, folder, any_port=any_port)
    try:
        yield opened
    finally:
        opened.close()


def answer(command: str) -> bytes:
    """What a command of sh prints until it ends."""
    return subprocess.run(command, shell=True, stdout=subprocess.PIPE, timeout=DEADLINE_SECONDS, check=True).stdout


@contextlib.contextmanager
def typing(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A command at whose keyboard the test sits: write to `stdin`, read `stdout`; it is ended with the statement."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        try:
            yield process
        finally:
            process.kill()


def shown(process: subprocess.Popen[bytes], size: int) -> bytes:
    """The next so many bytes that it prints, or what it printed before it ended or fell silent."""
    assert process.stdout is not None
    found = b""
    while len(found) < size and select.select([process.stdout], [], [], DEADLINE_SECONDS)[0]:
        part = process.stdout.read(size - len(found))
        if not part:
            break
        found += part
    return found
