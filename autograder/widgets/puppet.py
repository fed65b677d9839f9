"""The puppet: what runs in each of the stepper's two processes. It makes one call for each order that it is sent.

Owns reading orders and making the calls, so that the process really makes them, one at a time. Must not know which
order is a good idea: wrong ones are made too, and their errors are the lesson. What the calls did is told by the
tracing socket (see `calls`), never by the puppet.

An order is one line, the repr of (name, socket, arguments); sockets are numbered from 1 as they are made.
"""

from __future__ import annotations

import ast
import contextlib
import os
import socket
import sys

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
"""The type of socket that each transport wants."""


def order(name: str, number: int, arguments: tuple[object, ...]) -> bytes:
    """One order, ready to be written to a puppet."""
    return repr((name, number, arguments)).encode() + b"\n"


def obey(inherited: int, transport: str) -> None:
    """Take orders until their pipe ends. `inherited` is the pipe's number as `child.name_inherited` told it."""
    made: list[socket.socket] = []
    with os.fdopen(_descriptor(inherited), "rb") as orders:
        for line in orders:
            name, number, arguments = ast.literal_eval(line.decode())
            with contextlib.suppress(OSError):  # the trace has told it, and the learner reads it there
                _make(made, name, number, arguments, transport)


def _descriptor(inherited: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(inherited, os.O_RDONLY)
    return inherited


def _make(made: list[socket.socket], name: str, number: int, arguments: tuple[object, ...], transport: str) -> None:
    if name == "socket":
        made.append(socket.socket(socket.AF_INET, KINDS[transport]))
    elif name == "accept":
        made.append(made[number - 1].accept()[0])
    else:
        getattr(made[number - 1], name)(*arguments)
