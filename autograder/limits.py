"""Limits: what a student's process may use in grading, and how running into one is told.

Owns the numbers, their setting by the process itself before any of the student's code (setrlimit(2)), and the words.
Must not know how a process is started or judged.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes where nothing else is said. `memory` is that of all processes of one program together."""

    memory: int = 1024 * MIB
    address_space: int = 16 * 1024 * MIB
    processes: int = 512
    descriptors: int = 1024
    file: int = 64 * MIB
    disk: int = 64 * MIB
    shared_memory: int = 32 * MIB
    output: int = 1 * MIB
    cpu_seconds: int = 120
    answer_cpu_seconds: int = 20
    """One cell of the student's, or one call of a plain function: processor time."""
    answer_seconds: int = 60
    """The same, on the clock."""
    check_seconds: int = 120
    """One check cell, however many programs it starts."""
    submission_seconds: int = 1800

    def plain(self) -> dict[str, int]:
        """The limits as a dictionary of numbers."""
        return asdict(self)


def impose(limits: dict[str, Any]) -> None:
    """Set this process's own limits, for good, itself and all it starts; nothing where the system has none."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, limits["address_space"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, limits["descriptors"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError):  # a lower hard limit is in force already
            resource.setrlimit(kind, (most, most))
    if sys.platform == "linux":  # should the machine run out of memory, this goes first, where the kernel lets us ask
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")


def _size(amount: int) -> str:
    return f"{amount // MIB:,} MiB"


def named(limits: Limits, error: str, message: str, status: int | None) -> str:
    """Which limit an error, or an exit status, comes from, as a sentence for the student; "" for none of them."""
    told = f"{error}: {message}"
    if "can't start new thread" in told or "EAGAIN" in error or "Resource temporarily unavailable" in message:
        return f"In grading, a program may have {limits.processes} processes and threads at a time."
    if error == "MemoryError" or "ENOMEM" in error:
        return f"In grading, a program may use {_size(limits.memory)} of memory."
    if "EMFILE" in error or "Too many open files" in message:
        return f"In grading, a process may have {limits.descriptors:,} descriptors open."
    if "ENOSPC" in error or "No space left" in message:
        return f"In grading, a program may fill {_size(limits.disk)} of files."
    if "EFBIG" in error or "File too large" in message:
        return f"In grading, a file may have {_size(limits.file)}."
    if "ENOSYS" in error:
        return "In grading, system calls that no exercise needs, such as memfd_create, are refused."
    if sys.platform != "win32":
        import signal

        if status == -signal.SIGXCPU:
            return f"In grading, a process may use {limits.cpu_seconds} seconds of processor time."
    return ""
