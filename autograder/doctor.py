"""What this machine can and cannot do for the course, and how to mend it.

Owns the probes and the names of packages on each kind of system. Must not know the course's content.
A probe tries the thing itself where it can: it puts the sandbox up, it connects over loopback.
"""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from autograder import jupyter, sandbox
from autograder.course import Course

Audience = Literal["student", "comfort", "instructor", "tests"]
AUDIENCES: dict[Audience, str] = {
    "student": "What a student needs",
    "comfort": "What some checks and hints use (without it they are skipped, with a word)",
    "instructor": "What grading a class needs",
    "tests": "What the course's own tests need",
}

PROJECT = "sockets-call-by-call"
DEADLINE = 10.0
"""Seconds until a probe counts as failed."""


@dataclass(frozen=True)
class Finding:
    """One probe's answer: `mend` is a command or a sentence, "" when all is well or nothing can be done."""

    audience: Audience
    subject: str
    fine: bool
    detail: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Program:
    """A program of the system, and the package that brings it: Debian's, Fedora's, Homebrew's, winget's."""

    name: str
    audience: Audience
    packages: tuple[str, str, str, str]
    alternatives: tuple[str, ...] = ()


PROGRAMS = (
    Program("nc", "comfort", ("netcat-openbsd", "nmap-ncat", "netcat", "Insecure.Nmap"), ("ncat",)),
    Program("curl", "comfort", ("curl", "curl", "curl", "cURL.cURL")),
    Program("dig", "comfort", ("dnsutils", "bind-utils", "bind", "ISC.Bind")),
    Program("tftp", "comfort", ("tftp-hpa", "tftp", "tftp-hpa", "")),
    Program("strace", "tests", ("strace", "strace", "", "")),
    Program("chromium", "tests", ("chromium", "chromium", "chromium", "Google.Chrome"),
            ("chromium-browser", "google-chrome", "chrome")),
)  # fmt: skip


def examine(course: Course | None) -> Iterator[Finding]:
    """Every finding, in the order to show them; `course` is where the gradebook would be."""
    jupyter.prefer_this_environment()
    yield _python()
    yield from _packages()
    yield _kernel()
    yield _validate()
    yield from _loopback()
    yield from (_program(program) for program in PROGRAMS if program.audience == "comfort")
    yield _kernel_tables()
    yield _gradebook(course)
    yield _sandbox()
    yield from (_program(program) for program in PROGRAMS if program.audience == "tests")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    mend = "install Python 3.11 or newer, or let uv do it: uv python install 3.13"
    return Finding("student", f"Python {version}", sys.version_info >= (3, 11), sys.executable, mend)


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(line) for line in metadata.requires(PROJECT) or ()]
    except metadata.PackageNotFoundError:
        yield Finding("student", f"package {PROJECT}", False, "not installed", "in the course's folder: uv sync")
        return
    for requirement in requirements:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding("student", f"package {requirement.name}", False, "not installed", "uv sync")
            continue
        fine = requirement.specifier.contains(version, prereleases=True)
        yield Finding("student", f"package {requirement.name} {version}", fine, f"asked: {requirement}", "uv sync")


def _kernel() -> Finding:
    program = jupyter.kernel_program()
    fine = jupyter.kernel_is_ours(program)
    mend = "autograder lab puts it in order; or: python -m ipykernel install --sys-prefix --name python3"
    return Finding("student", "kernel python3", fine, f"starts {program}" if not fine else "this Python", mend)


def _validate() -> Finding:
    mend = "autograder lab puts it in order"
    return Finding("student", "nbgrader's Validate in JupyterLab", jupyter.validate_is_enabled(), mend=mend)


def _loopback() -> Iterator[Finding]:
    ipv4 = "loopback is switched off or filtered: look at the firewall, or at the container's network"
    yield _connects("student", "loopback 127.0.0.1", socket.AF_INET, "127.0.0.1", ipv4)
    ipv6 = "switch IPv6 on for loopback: sysctl net.ipv6.conf.lo.disable_ipv6=0 (in a container: its settings)"
    yield _connects("comfort", "loopback ::1", socket.AF_INET6, "::1", ipv6)
    second = "sudo ifconfig lo0 alias 127.0.0.2 up" if sys.platform == "darwin" else ipv4
    yield _connects("comfort", "loopback 127.0.0.2", socket.AF_INET, "127.0.0.2", second)


def _connects(audience: Audience, subject: str, family: socket.AddressFamily, host: str, mend: str) -> Finding:
    """Whether a client reaches a server on this address."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as server:
            server.bind((host, 0))
            server.listen()
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(DEADLINE)
                client.connect(server.getsockname()[:2])
    except OSError as error:
        return Finding(audience, subject, False, str(error), mend)
    return Finding(audience, subject, True)


def _program(program: Program) -> Finding:
    for name in (program.name, *program.alternatives):
        if found := shutil.which(name):
            return Finding(program.audience, program.name, True, found)
    return Finding(program.audience, program.name, False, "not found", install(*program.packages))


def install(debian: str, fedora: str, homebrew: str, winget: str) -> str:
    """The command that installs a package on this kind of system, or a sentence when there is none."""
    if sys.platform == "darwin":
        return f"brew install {homebrew}" if homebrew else "not available on macOS"
    if sys.platform == "win32":
        return f"winget install {winget}" if winget else "not available on Windows; WSL has it"
    if shutil.which("dnf"):
        return f"sudo dnf install {fedora}"
    return f"sudo apt-get install {debian}"


def _kernel_tables() -> Finding:
    path = Path("/proc/net/tcp")
    try:
        fine = path.read_text(encoding="ascii").lstrip().startswith("sl")
    except OSError as error:
        linux = sys.platform == "linux"
        mend = "mount /proc in the container" if linux else "only Linux has them; checks are paced more slowly here"
        return Finding("comfort", f"the kernel's tables, {path}", False, str(error), mend)
    return Finding("comfort", f"the kernel's tables, {path}", fine)


def _gradebook(course: Course | None) -> Finding:
    if course is None:
        return Finding("instructor", "gradebook", False, "not in a course", "run it in the course's folder")
    subject = f"gradebook {course.gradebook.name}"
    try:
        with open(course.gradebook, "ab") as file:
            empty = file.tell() == 0
        if empty:
            course.gradebook.unlink()
    except OSError as error:
        return Finding("instructor", subject, False, str(error), f"make {course.root} writable for you")
    return Finding("instructor", subject, True, "can be written")


def _sandbox() -> Finding:
    """The sandbox, put up for real: bubblewrap is often there, and forbidden."""
    reason = sandbox.refusal()
    why, _, mend = reason.partition(". ")
    return Finding("instructor", "bubblewrap, the sandbox for students' code", not reason, why or "works", mend)
