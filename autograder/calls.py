"""The tracing socket: in the child, it stands where `socket.socket` stood and reports every call made on it.

Owns what one call looks like when it is reported, and the writing of reports. Must not know who reads them.
It runs in the student's process before the student's code, so it imports only what a small program has anyway.

A report is one line of JSON. A call that may block, or whose effect the peer sees at once, is reported twice, when
it begins and when it returns, so that a reader always knows which call a program is in; the others once. A line that
carries data stays under PIPE_BUF, so that reports of several threads and forked processes never mix (POSIX write()).
"""

from __future__ import annotations

import _thread
import contextlib
import errno
import itertools
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, cast

STORED = 1024
"""The most bytes of one call's data that a report carries."""

FULL_REPORTS = 20_000
"""After so many calls of one process those that only move data are counted, not told one by one."""

BLOCKING = frozenset(
    name
    for names in (
        ("accept", "connect", "connect_ex"),
        ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"),
        ("send", "sendall", "sendto", "sendmsg", "sendfile"),
    )
    for name in names
)
MOVES_DATA = BLOCKING - {"accept", "connect", "connect_ex"}

TOLD_TWICE = BLOCKING | {"shutdown", "close"}
"""Calls told when they begin, too: those that may wait, and those whose effect the peer sees at once."""

_FAMILIES = {int(family): family.name for family in socket.AddressFamily}
_TYPES = {int(kind): kind.name for kind in socket.SocketKind}
_HERE = os.path.dirname(os.path.abspath(__file__))
_NOT_THE_STUDENTS = (
    os.path.dirname(os.path.abspath(os.__file__)),
    os.path.join(sys.prefix, "lib"),
    _HERE,
    "<frozen",
    "<string>",  # how the child itself is started
)
_OPTIONS = {
    (level, number): (level_name, name)
    for level_name, level, prefix in (
        ("SOL_SOCKET", socket.SOL_SOCKET, "SO_"),
        ("IPPROTO_TCP", socket.IPPROTO_TCP, "TCP_"),
        ("IPPROTO_IPV6", getattr(socket, "IPPROTO_IPV6", 41), "IPV6_"),
        ("IPPROTO_IP", socket.IPPROTO_IP, "IP_"),
    )
    for name, number in sorted(vars(socket).items())
    if name.startswith(prefix) and not name.startswith(("SO_VM_", "SO_J1939_")) and isinstance(number, int)
}
_HOW = {0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"}


class Reporter:
    """Writes reports to a descriptor, whole lines only, from any thread and after a fork."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._start_afresh()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def _start_afresh(self) -> None:
        self._lock = _thread.RLock()
        self._process = os.getpid()
        self._calls = 0
        self._dropped = 0

    def _after_fork(self) -> None:
        parent = self._process
        self._start_afresh()
        self({"e": "fork", "parent": parent})

    def __call__(self, report: dict[str, Any]) -> None:
        """Write one report; the process's number is added."""
        report["pid"] = self._process
        line = json.dumps(report).encode() + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]

    def wanted(self, name: str) -> bool:
        """Whether a call of this name is still told by itself; if not, it is counted."""
        self._calls += 1
        if self._calls <= FULL_REPORTS or name not in MOVES_DATA:
            return True
        self._dropped += 1
        if self._dropped & 0xFFF == 1:
            self({"e": "dropped", "count": self._dropped, "name": name})
        return False


def _is_students(file: str, known: dict[str, bool] = {}) -> bool:  # noqa: B006 - a cache, meant to be shared
    answer = known.get(file)
    if answer is None:
        answer = known[file] = not file.startswith(_NOT_THE_STUDENTS)
    return answer


def place() -> list[Any] | None:
    """The innermost line of the student's own code on this thread's stack, as [file, line, function]."""
    frame = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if _is_students(code.co_filename):
            return [code.co_filename, frame.f_lineno, code.co_name]
        frame = frame.f_back  # type: ignore[assignment]  # None at the outermost frame
    return None


def frames(error: BaseException) -> list[tuple[str, int, str]]:
    """Where an exception was on its way, as (file, line, function), outermost first."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append((code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return found


def places(frames: list[tuple[str, int, str]]) -> list[list[Any]]:
    """Only the student's own among these (file, line, function) places."""
    return [list(place) for place in frames if _is_students(place[0])]


def error_name(error: BaseException) -> str:
    """The errno's name where the error carries one, else the exception's."""
    number = error.errno if isinstance(error, OSError) else None
    name = type(error).__name__
    return name if number is None else errno.errorcode.get(number, name).removeprefix("WSA")  # WinSock's are POSIX's


def kind(error: BaseException) -> str:
    """The exception's class as a program names it, `struct.error`; a built-in one, or the program's own, by name."""
    module, name = type(error).__module__, type(error).__qualname__.rpartition(".")[2]
    return name if module in ("builtins", "__main__") else f"{module.lstrip('_')}.{name}"


def address(value: object) -> list[Any] | None:
    """An endpoint in plain form, [host, port]; None for what is not one (AF_UNIX names, unbound sockets)."""
    if isinstance(value, tuple) and len(value) >= 2 and isinstance(value[0], str):
        return [value[0], value[1] if isinstance(value[1], int) else repr(value[1])]
    return None


def _is_name(place: list[Any] | None) -> bool:
    """Whether an endpoint's host is a name, and no numeric address."""
    return place is not None and ":" not in place[0] and not place[0].replace(".", "").isdigit()


def plain(value: object) -> str | int:
    """An argument as the history shows it."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(bytes(value))} bytes"
    return repr(value)[:200]


def _shown(name: str, sock: Any, args: tuple[Any, ...]) -> list[str | int]:
    """The arguments as a reader of the history wants them: names for numbers, no payload (that is `data`)."""
    if name in ("setsockopt", "getsockopt") and len(args) >= 2:
        level, option = _OPTIONS.get((args[0], args[1]), (plain(args[0]), plain(args[1])))
        return [level, option, *map(plain, args[2:])]
    if name == "shutdown" and args:
        return [_HOW.get(args[0], plain(args[0]))]
    if name in ("recv_into", "recvfrom_into") and args:
        size = args[1] if len(args) > 1 and args[1] else len(memoryview(args[0]).cast("B"))
        return [int(size)]
    return [plain(value) for value in args]


def _payload(name: str, args: tuple[Any, ...], result: Any) -> tuple[int, bytes]:
    """How many bytes the finished call moved, and the first of them."""
    if name == "recv":
        return len(result), result[:STORED]
    if name in ("recvfrom", "recvmsg"):
        return len(result[0]), result[0][:STORED]
    if name in ("recv_into", "recvfrom_into"):
        size = result if name == "recv_into" else result[0]
        return size, bytes(memoryview(args[0]).cast("B")[: min(size, STORED)])
    if name in ("send", "sendto", "sendall"):
        whole = memoryview(args[0]).cast("B")
        size = len(whole) if name == "sendall" else result
        return size, bytes(whole[: min(size, STORED)])
    if name == "sendmsg":
        return result, b"".join(bytes(part) for part in args[0])[: min(result, STORED)]
    return (result if name == "sendfile" and isinstance(result, int) else 0), b""


def _offered(name: str, args: tuple[Any, ...]) -> tuple[int, bytes]:
    """What a call that sends was asked to send; told at its beginning, since it may never return."""
    if name in ("send", "sendto", "sendall") and args and not isinstance(args[0], str):
        try:
            whole = memoryview(args[0]).cast("B")
        except TypeError:
            return 0, b""
        return len(whole), bytes(whole[:STORED])
    return 0, b""


def tracing(report: Reporter, plain_socket: type[socket.socket]) -> type[socket.socket]:
    """A subclass of `plain_socket` that behaves exactly like it and reports each call.

    Sockets that `accept` and `dup` return are of the same class. A socket that is closed only because nobody
    holds it any more is reported as closed by the collector (`result` "garbage collected").
    """
    serials = itertools.count(1)
    numbers = itertools.count(1)
    own_close = plain_socket._real_close  # type: ignore[attr-defined]

    class TracedSocket(plain_socket):  # type: ignore[misc,valid-type]
        """`socket.socket`, with every call reported."""

        __slots__ = ("_local", "_remote", "_serial")

        def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
            self._serial = next(serials)
            self._local: list[Any] | None = None
            self._remote: list[Any] | None = None
            if fileno is not None:
                super().__init__(family, type, proto, fileno)
                return
            begun = time.monotonic()
            try:
                super().__init__(family, type, proto)
            except BaseException as error:
                _tell(self, "socket", begun, [family, type], error=error)
                raise
            _tell(self, "socket", begun, [_FAMILIES[int(self.family)], _TYPES.get(int(self.type), 0)])

        def accept(self) -> tuple[socket.socket, Any]:
            """accept(): the new socket is traced too."""
            number, begun = _begin(self, "accept", ())
            try:
                # what socket.accept does, with this class in place of the module's
                accepted, peer = self._accept()
                made = type(self)(self.family, self.type, self.proto, fileno=accepted)
                if socket.getdefaulttimeout() is None and self.gettimeout():
                    made.setblocking(True)
            except BaseException as error:
                _end(self, number, "accept", begun, (), error=error)
                raise
            made._local, made._remote = address(made.getsockname()), address(peer)
            _end(self, number, "accept", begun, (), made=made)
            return made, peer

        def dup(self) -> socket.socket:
            """dup(): a second descriptor for the same socket."""
            begun = time.monotonic()
            made: Any = super().dup()
            made._local, made._remote = self._local, self._remote
            _tell(self, "dup", begun, [], made=made)
            return cast(socket.socket, made)

        def makefile(self, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            """makefile(): told, since a file that holds the socket delays its close."""
            begun = time.monotonic()
            made = super().makefile(mode, *args, **kwargs)
            _tell(self, "makefile", begun, [mode])
            return made

        def _real_close(self, *args: Any, **kwargs: Any) -> None:
            number, begun = _begin(self, "close", ())
            try:
                own_close(self, *args, **kwargs)
            finally:
                _end(self, number, "close", begun, ())

        def detach(self) -> int:
            """detach(): the descriptor lives on without this object."""
            begun, descriptor = time.monotonic(), self.fileno()
            result: int = super().detach()
            _tell(self, "detach", begun, [], descriptor=descriptor)
            return result

        def __del__(self) -> None:
            if getattr(self, "_serial", None) and self.fileno() != -1:
                _tell(self, "close", time.monotonic(), [], result="garbage collected")
            finalize: Any = getattr(plain_socket, "__del__", None)
            if finalize is not None:
                finalize(self)

    def _head(sock: Any, name: str, begun: float) -> dict[str, Any]:
        return {
            "e": "call",
            "name": name,
            "s": sock._serial,
            "fd": sock.fileno(),
            "t": begun,
            "tid": _thread.get_ident(),
            "line": place(),
            "family": _FAMILIES.get(int(sock.family), ""),
            "type": _TYPES.get(int(sock.type), ""),
            "local": sock._local,
            "remote": sock._remote,
            "wait": sock.gettimeout(),
        }

    def _tell(
        sock: Any,
        name: str,
        begun: float,
        shown: list[str | int],
        *,
        descriptor: int | None = None,
        **rest: Any,
    ) -> None:
        told = _head(sock, name, begun) | {"args": shown, "t1": time.monotonic()}
        if descriptor is not None:
            told["fd"] = descriptor
        report(told | _result(rest))

    def _result(rest: dict[str, Any]) -> dict[str, Any]:
        error, made, result = rest.get("error"), rest.get("made"), rest.get("result")
        if error is not None:
            return {"error": error_name(error), "message": str(error)[:300]}
        if made is not None:
            return {
                "made": made._serial,
                "result": made.fileno(),
                "mlocal": made._local,
                "mremote": made._remote,
            }
        return {} if result is None else {"result": result}

    def _begin(sock: Any, name: str, args: tuple[Any, ...]) -> tuple[int, float]:
        number, begun = next(numbers), time.monotonic()
        if not report.wanted(name):
            return 0, begun
        size, data = _offered(name, args)
        rest = args[1:] if name.startswith("send") else args
        report(
            _head(sock, name, begun) | {"n": number, "args": _shown(name, sock, rest), "size": size, "data": data.hex()}
        )
        return number, begun

    def _end(
        sock: Any,
        number: int,
        name: str,
        begun: float,
        args: tuple[Any, ...],
        *,
        returned: Any = None,
        **rest: Any,
    ) -> None:
        if not number:
            return
        told: dict[str, Any] = {"e": "end", "n": number, "t1": time.monotonic()} | _result(rest)
        if name in MOVES_DATA:
            size, data = (0, b"") if rest.get("error") is not None else _payload(name, args, returned)
            told |= {"size": size, "data": data.hex()}
            if name in ("recvfrom", "recvmsg", "recvfrom_into") and returned is not None:
                told["remote"] = address(returned[-1])
        told |= {"local": sock._local} if sock._local else {}
        told |= {"remote": sock._remote} if name.startswith("connect") else {}
        report(told)

    def _waiting(name: str) -> Callable[..., Any]:
        method = getattr(plain_socket, name)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            if name in ("connect", "connect_ex"):
                self._remote = address(args[0]) if args else None
            number, begun = _begin(self, name, args)
            try:
                returned = method(self, *args, **kwargs)
            except BaseException as error:
                _end(self, number, name, begun, args, error=error)
                raise
            if self._local is None:
                self._local = address(self.getsockname())
            if name.startswith("connect") and _is_name(self._remote):
                with contextlib.suppress(OSError):  # connect_ex: not connected, or not yet
                    self._remote = address(self.getpeername())
            _end(
                self,
                number,
                name,
                begun,
                args,
                returned=returned,
                result=returned or None if name == "connect_ex" else None,
            )
            return returned

        call.__name__, call.__doc__ = name, method.__doc__
        return call

    def _at_once(name: str) -> Callable[..., Any]:
        method = getattr(plain_socket, name)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            begun = time.monotonic()
            shown = _shown(name, self, args)
            try:
                returned = method(self, *args, **kwargs)
            except BaseException as error:
                _tell(self, name, begun, shown, error=error)
                raise
            if name == "bind" or (name == "listen" and self._local is None):  # unbound, it listens at a port of its own
                self._local = address(self.getsockname())
            _tell(self, name, begun, shown, result=plain(returned) if name == "getsockopt" else None)
            return returned

        call.__name__, call.__doc__ = name, method.__doc__
        return call

    for name in sorted(TOLD_TWICE - {"accept", "close"}):
        if hasattr(plain_socket, name):
            setattr(TracedSocket, name, _waiting(name))
    for name in ("bind", "listen", "setsockopt", "getsockopt"):
        setattr(TracedSocket, name, _at_once(name))
    TracedSocket.__name__ = TracedSocket.__qualname__ = "socket"
    TracedSocket.__module__ = "socket"
    return TracedSocket


def adopted(descriptor: int) -> socket.socket:
    """The socket behind a descriptor that this process was given, traced if sockets are here."""
    kind: Any = socket.socket
    made = kind(fileno=descriptor)
    with contextlib.suppress(AttributeError, OSError):  # not traced; not connected
        made._local = address(made.getsockname())
        made._remote = address(made.getpeername())
    return cast(socket.socket, made)


def install(report: Reporter) -> None:
    """Put the tracing socket in place of `socket.socket`; done once, before any of the student's code is loaded."""
    socket.socket = tracing(report, socket.socket)  # type: ignore[misc]
