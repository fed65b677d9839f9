"""What the kernel itself says of sockets and waiting threads (Linux: /proc).

Owns the reading and parsing of the kernel's tables and what follows from them about who waits for what. Must not
know why anybody asks. Where the system has no such tables `READABLE` is false, and every question answers None or ().

Sources: proc(5) for /proc/net/tcp, /proc/PID/stat, status and syscall; Documentation/networking/proc_net_tcp.rst.
"""

from __future__ import annotations

import contextlib
import math
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RECV",
    4: "FIN_WAIT1",
    5: "FIN_WAIT2",
    6: "TIME_WAIT",
    7: "CLOSE",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "NEW_SYN_RECV",
}
"""The TCP states by the numbers that /proc/net/tcp prints, with the names of RFC 9293 as `ss` writes them."""

READABLE = sys.platform == "linux" and os.path.exists("/proc/net/tcp")
TELLS_CHILDREN = READABLE and os.path.exists(f"/proc/self/task/{os.getpid()}/children")

# System calls that wait until another thread or the peer acts: name -> (number on x86-64, number on AArch64).
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "accept": (43, 202),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "wait4": (61, 260),
    "futex": (202, 98),
    "epoll_wait": (232, None),
    "waitid": (247, 95),
    "epoll_pwait": (281, 22),
    "accept4": (288, 242),
    "connect": (42, 203),
    "clock_nanosleep": (230, 115),
}
_COLUMN = {"x86_64": 0, "aarch64": 1}.get(platform.machine())
_NAMES = {} if _COLUMN is None else {numbers[_COLUMN]: name for name, numbers in _CALLS.items()}

# Where a waiting call's time-out is among its arguments: as milliseconds, or as a pointer that is null for none.
_MILLISECONDS = {"poll": 2, "epoll_wait": 3, "epoll_pwait": 3}
_POINTER = {"ppoll": 2, "select": 4, "pselect6": 4, "futex": 3}
_FINITE = {"connect", "clock_nanosleep"}


@dataclass(frozen=True)
class KernelSocket:
    """One row of the kernel's table. Queues are in bytes; for a listening socket `received` counts connections."""

    local: tuple[str, int]
    remote: tuple[str, int]
    state: str
    unsent: int
    received: int
    inode: int


@dataclass(frozen=True)
class Thread:
    """One thread of a process: its run state (`R`, `S`, `Z`, …), how often it was switched, and where it waits.

    `call` is the system call's name, "" if it runs or the call is not one that waits. `limit` is that wait's time-out
    in seconds: infinite if it has none, None if it is not known or the thread does not wait.
    """

    number: int
    state: str
    switches: int
    call: str
    limit: float | None


def _address(text: str) -> tuple[str, int]:
    host, port = text.split(":")
    words = bytes.fromhex(host)
    if sys.byteorder == "little":
        words = b"".join(words[i : i + 4][::-1] for i in range(0, len(words), 4))
    if len(words) == 4:
        return ".".join(map(str, words)), int(port, 16)
    import ipaddress

    address = ipaddress.IPv6Address(words)
    return str(address.ipv4_mapped or address), int(port, 16)


def parse(table: str) -> tuple[KernelSocket, ...]:
    """Rows of /proc/net/tcp, tcp6, udp or udp6; the heading is left out."""
    rows = []
    for line in table.splitlines():
        if "local_address" in line:
            continue
        field = line.split()
        unsent, received = field[4].split(":")
        rows.append(
            KernelSocket(
                _address(field[1]),
                _address(field[2]),
                STATES.get(int(field[3], 16), field[3]),
                int(unsent, 16),
                int(received, 16),
                int(field[9]),
            )
        )
    return tuple(rows)


def sockets(protocol: str = "tcp", port: int | None = None) -> tuple[KernelSocket, ...]:
    """The sockets of a protocol ("tcp" or "udp"), of both address families; all, or those with this port at one end."""
    return parse("\n".join(_rows(protocol, port)))


def _rows(protocol: str, port: int | None) -> list[str]:
    if not READABLE:
        return []
    rows: list[str] = []
    for name in (protocol, protocol + "6"):
        try:
            table = Path("/proc/net", name).read_text()
        except FileNotFoundError:  # a kernel without IPv6
            continue
        lines = table.splitlines()[1:]
        rows += lines if port is None else [line for line in lines if f":{port:04X} " in line]
    return rows


def connection(local: tuple[str, int], remote: tuple[str, int]) -> KernelSocket | None:
    """One end of a TCP connection by its own and the other end's address; None if the kernel has no such row."""
    return next((row for row in sockets("tcp", local[1]) if row.local == local and row.remote == remote), None)


def listens(port: int) -> bool | None:
    """Whether a TCP socket listens on the port; None where the kernel does not tell."""
    return any(row.state == "LISTEN" and row.local[1] == port for row in sockets("tcp", port)) if READABLE else None


_SWITCHES = ("voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:")


def _text(path: Path) -> str:
    """A file of /proc; what a program calls itself, which stands in some, may be any bytes (prctl PR_SET_NAME)."""
    return path.read_text(encoding="ascii", errors="replace")


def _thread(process: int, number: int) -> Thread | None:
    task = Path(f"/proc/{process}/task/{number}")
    try:
        state = _text(task / "stat").rpartition(")")[2].split()[0]
        status = _text(task / "status")
        call = _text(task / "syscall").split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    switches = sum(int(line.split()[1]) for line in status.split("\n") if line.startswith(_SWITCHES))
    name, limit = _waiting(call)
    return Thread(number, state, switches, name, limit if state == "S" else None)


def _waiting(call: list[str]) -> tuple[str, float | None]:
    """The name of the system call in /proc/PID/syscall and its time-out, as `Thread` has them."""
    if not call or not call[0].isdigit():
        return "", None
    name = _NAMES.get(int(call[0]), "")
    if name in _MILLISECONDS:
        value = int(call[1 + _MILLISECONDS[name]], 16) & 0xFFFFFFFF
        return name, math.inf if value >> 31 else value / 1000
    if name in _POINTER:
        return name, None if int(call[1 + _POINTER[name]], 16) else math.inf
    return name, math.inf if name and name not in _FINITE else None


def threads(process: int) -> tuple[Thread, ...]:
    """The threads of a process; none if it is gone or may not be looked at."""
    if not READABLE:
        return ()
    try:
        numbers = sorted(int(name) for name in os.listdir(f"/proc/{process}/task"))
    except OSError:
        return ()
    return tuple(found for number in numbers if (found := _thread(process, number)) is not None)


def started_by(process: int) -> list[int]:
    """The processes that the threads of this one started; none if it is gone, or goes while we look."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            found += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
    except OSError:
        return found
    return found


def children(process: int) -> list[int]:
    """The process and all that it started and that still run, itself first."""
    family, new = [process], [process]
    while new:
        parent = new.pop()
        for child in started_by(parent):
            family.append(child)
            new.append(child)
    return family


def all_wait(processes: Iterable[int]) -> tuple[Thread, ...] | None:
    """The threads of these processes if every one waits and how long it may is known, else None.

    Two equal answers with infinite limits, some time apart, prove that no thread ran in between: switches are counted.
    """
    found = tuple(thread for process in processes for thread in threads(process) if thread.state != "Z")
    return found if found and all(thread.limit is not None for thread in found) else None


def in_flight(port: int) -> bool:
    """Whether bytes of a TCP connection with this port are on their way: sent, not yet acknowledged, and not merely
    waiting because the receiver does not read."""
    rows = [row for row in sockets("tcp", port) if row.state != "LISTEN"]
    unread = {(row.local, row.remote) for row in rows if row.received}
    return any(row.unsent and (row.remote, row.local) not in unread for row in rows)


def cpu_seconds(process: int) -> float | None:
    """Processor time the process has used, in seconds; None where the kernel does not tell or it is gone."""
    if sys.platform != "linux" or not READABLE:
        return None
    try:
        field = _text(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    except OSError:
        return None
    return (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")


def memory(processes: Iterable[int], enough: int) -> int:
    """Bytes of memory that these processes use together; pages they share count once if the sum exceeds `enough`.

    Source: proc(5), VmRSS in /proc/PID/status and Pss in /proc/PID/smaps_rollup.
    """
    numbers = tuple(processes)
    resident = sum(_kibibytes(f"/proc/{number}/status", "VmRSS") for number in numbers) * 1024
    if resident <= enough:  # the other answer is exact and slow
        return resident
    shares = (
        _kibibytes(f"/proc/{number}/smaps_rollup", "Pss") or _kibibytes(f"/proc/{number}/status", "VmRSS")
        for number in numbers
    )
    return sum(shares) * 1024


def _kibibytes(path: str, field: str) -> int:
    try:
        lines = _text(Path(path)).split("\n")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{field}:")), 0)


def socket_inodes(process: int) -> dict[int, int]:
    """The inode of each of the process's sockets by its descriptor; none if it is gone or may not be looked at."""
    found: dict[int, int] = {}
    try:
        for name in os.listdir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):  # closed while we looked
                kind, _, inode = os.readlink(f"/proc/{process}/fd/{name}").partition(":")
                if kind == "socket":
                    found[int(name)] = int(inode.strip("[]"))
    except OSError:
        return {}
    return found


def open_sockets(process: int) -> frozenset[str] | None:
    """The sockets that the process has descriptors of; None where the kernel does not tell or it is gone.

    Each is told by its inode, "socket:[4711]" (proc(5)), so that one shared with another process is the same.
    """
    if not READABLE:
        return None
    found: set[str] = set()
    try:
        for name in os.listdir(f"/proc/{process}/fd"):
            try:
                found.add(os.readlink(f"/proc/{process}/fd/{name}"))
            except OSError:  # closed while we looked
                continue
    except OSError:
        return None
    return frozenset(name for name in found if name.startswith("socket:"))
