"""A filter of system calls: those that no program of this course needs, and that reach past the sandbox's walls.

Owns the list and the filter as the kernel wants it, a program of classic BPF. Must not know who loads it.
A call on the list fails as if this kernel did not have it (ENOSYS); a socket of a family that is not listed fails with
EAFNOSUPPORT. Sources: seccomp(2); linux/filter.h, linux/seccomp.h, linux/audit.h; the kernel's system call tables.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator

DENIED = {
    "memfd_create": (319, 279),  # memory that is nobody's: no limit of a process holds for it
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "add_key": (248, 217),  # keyrings are the user's, not the namespace's
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),  # the rest are large and rarely needed, and were often the way out of a sandbox
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
}
"""System calls by name, with their numbers on x86-64 and on AArch64, and why."""

FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17}
"""The families that sockets may be of; AF_VSOCK, say, reaches the host of a virtual machine from every namespace."""

_SOCKET = (41, 198)
_MACHINES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}
_X32 = 0x4000_0000
"""Set in the number of a call by x86-64's other interface, whose calls have other numbers."""

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000


def filter_program() -> bytes:
    """The filter, as bwrap's --seccomp reads it; b"" on a machine whose numbers are not known here."""
    if platform.machine() not in _MACHINES:
        return b""
    column, machine = _MACHINES[platform.machine()]
    return b"".join(_program(column, machine))


def _program(column: int, machine: int) -> Iterator[bytes]:
    yield _instruction(_LOAD, _MACHINE)
    yield _instruction(_JUMP_EQUAL, machine, yes=1)
    yield _instruction(_RETURN, _KILL)
    yield _instruction(_LOAD, _NUMBER)
    yield _instruction(_JUMP_AT_LEAST, _X32, no=1)
    yield _instruction(_RETURN, _ERROR | errno.ENOSYS)
    for numbers in DENIED.values():
        yield _instruction(_JUMP_EQUAL, numbers[column], no=1)
        yield _instruction(_RETURN, _ERROR | errno.ENOSYS)
    yield _instruction(_JUMP_EQUAL, _SOCKET[column], yes=1)
    yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_LOAD, _FIRST_ARGUMENT)
    for family in FAMILIES.values():
        yield _instruction(_JUMP_EQUAL, family, no=1)
        yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_RETURN, _ERROR | errno.EAFNOSUPPORT)


def _instruction(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; of a comparison, how many to skip then and otherwise (struct sock_filter)."""
    return struct.pack("=HBBI", code, yes, no, value)
