"""A process's descriptor table, read from the running system: each number, and what it names.

Owns that reading. It looks at sockets that are open already, without opening or closing any. Must not know how the rows
are drawn or who asks. Source: POSIX fstat(), getsockname(), getsockopt(SO_ACCEPTCONN); tcp(7), TCP_INFO.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Mapping

import psutil

from autograder import kernel
from autograder.exchange import Address
from autograder.widgets.descriptors_picture import Row

Known = Mapping[str, tuple[kernel.KernelSocket, ...]]
"""The kernel's tables, by protocol, read once for all rows."""

_FAMILIES = {family.value: family.name for family in socket.AddressFamily}
_TYPES = {kind.value: kind.name for kind in socket.SocketKind}


def table(*sockets: socket.socket, process: int | None = None) -> tuple[Row, ...]:
    """The rows of a descriptor table: of these sockets in this order, or, without any, of a whole process.

    Without `process` it is this one. Of another only its Internet sockets are known, and only where the system tells;
    then nothing is returned for a process that is gone or not ours to look at.
    """
    if process is not None and process != os.getpid():
        return _others(process)
    numbers = [sock.fileno() for sock in sockets] if sockets else _numbers()
    known = {protocol: kernel.sockets(protocol) for protocol in ("tcp", "udp")}
    found = (_row(number, known) for number in numbers)
    return tuple(row for row in found if row is not None)


def _numbers() -> list[int]:
    """The descriptors of this process; on Windows, which does not list them, only the sockets it can know."""
    folder = {"linux": "/proc/self/fd", "darwin": "/dev/fd"}.get(sys.platform)
    return sorted(map(int, os.listdir(folder))) if folder else []


def _row(number: int, known: Known) -> Row | None:
    """What one descriptor of this process names; None if it is closed."""
    if sys.platform == "win32":
        return _socket_row(number, number, known)
    try:
        status = os.fstat(number)
    except OSError:  # closed since it was listed
        return None
    if stat.S_ISSOCK(status.st_mode):
        return _socket_row(number, status.st_ino or number, known)
    kinds = ((stat.S_ISFIFO, "pipe"), (stat.S_ISREG, "file"), (stat.S_ISCHR, "device"), (stat.S_ISDIR, "folder"))
    kind = next((name for fits, name in kinds if fits(status.st_mode)), "kernel object")
    return Row(number, kind, entry=-1 - number)


def _socket_row(number: int, entry: int, known: Known) -> Row | None:
    try:
        sock = socket.socket(fileno=number)
    except OSError:
        return None
    try:
        local, remote = _address(sock.getsockname()), None
        try:
            remote = _address(sock.getpeername())
        except OSError:  # not connected
            remote = None
        state, unread = _state(sock, local, remote, known)
    finally:
        sock.detach()  # the number stays its owner's
    return Row(
        number,
        "socket",
        entry,
        _FAMILIES.get(sock.family, str(sock.family)),
        _TYPES.get(sock.type, str(sock.type)),
        local,
        remote,
        state,
        unread,
    )


def _address(name: object) -> Address | None:
    """An Internet address; None for other families, and for one that has not been bound."""
    if not isinstance(name, tuple) or len(name) < 2 or not name[1]:
        return None
    return str(name[0]), int(name[1])


def _state(sock: socket.socket, local: Address | None, remote: Address | None, known: Known) -> tuple[str, int | None]:
    """The state of a TCP socket ("" for others), and how much is unread, where the system tells."""
    inet = sock.family in (socket.AF_INET, socket.AF_INET6)
    if not inet:
        return "", None
    protocol = "tcp" if sock.type == socket.SOCK_STREAM else "udp"
    nowhere = ("::" if sock.family == socket.AF_INET6 else "0.0.0.0", 0)
    rows = [row for row in known[protocol] if (row.local, row.remote) == (local, remote or nowhere)]
    unread = rows[0].received if rows else 0 if kernel.READABLE else None
    if protocol == "udp":
        return "", unread
    if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return "LISTEN", unread
    if sys.platform == "linux":
        return kernel.STATES[sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]], unread
    return _told(local, remote), unread


def _told(local: Address | None, remote: Address | None) -> str:
    """The state that psutil knows for a connection of this process."""
    for found in psutil.Process().net_connections("tcp"):
        if (tuple(found.laddr) or None, tuple(found.raddr) or None) == (local, remote):
            return str(found.status)
    return "CLOSE"


def _others(process: int) -> tuple[Row, ...]:
    try:
        found = psutil.Process(process).net_connections("inet")
    except psutil.Error:
        return ()
    return tuple(
        Row(
            one.fd,
            "socket",
            one.fd,
            _FAMILIES.get(one.family, str(one.family)),
            _TYPES.get(one.type, str(one.type)),
            _address(tuple(one.laddr)),
            _address(tuple(one.raddr)),
            "" if one.type == socket.SOCK_DGRAM else str(one.status),
        )
        for one in sorted(found, key=lambda one: one.fd)
    )
