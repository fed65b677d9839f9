"""Names: host names that lead, in a student's process, to the addresses a check says.

Owns the answers for these names, in front of the system's resolver and of the sockets that would ask it themselves.
Must not know why a name leads where it does. Any other name is left to the system.
It runs in the student's process before the student's code, so it imports only what a small program has anyway.

    socket.getaddrinfo, gethostbyname, gethostbyname_ex     and whatever asks them: create_connection, asyncio, http
    connect, connect_ex, bind, sendto and sendmsg           the first address of the socket's own family

Sources: POSIX getaddrinfo(); RFC 6761 §6.2: no name in .test exists, so a check may use any.
"""

from __future__ import annotations

import _socket
import socket
from collections.abc import Callable, Mapping
from typing import Any

Names = Mapping[str, tuple[str, ...]]
"""The addresses of each name, in the order in which a resolver would give them; names are in lower case."""

PEER = "peer.test"
"""The name that a check's reference server has."""

_NOT_OURS = getattr(socket, "AI_ADDRCONFIG", 0)
"""Flags that would let the machine's own addresses decide."""


def family_of(address: str) -> socket.AddressFamily:
    """The address family of a numeric address. Raises ValueError if it is none."""
    for found in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(found, address)
        except OSError:
            continue
        return found
    raise ValueError(f"{address!r} is no IPv4 or IPv6 address")


class _Answers:
    """What is answered for these names, and the system's own functions for the others."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._getaddrinfo = _socket.getaddrinfo
        self._gethostbyname = _socket.gethostbyname
        self._gethostbyname_ex = _socket.gethostbyname_ex

    def find(self, host: object) -> tuple[str, ...] | None:
        """The addresses of a name in the order given; None if it is not one of ours."""
        if isinstance(host, bytes | bytearray):
            host = bytes(host).decode("ascii", "replace")
        return self._names.get(host.lower().removesuffix(".")) if isinstance(host, str) else None

    def first(self, host: object, wanted: int) -> str | None:
        """A name's first address of a family; None if the name is not one of ours. Raises gaierror if it has none."""
        found = self.find(host)
        if found is None:
            return None
        for address in found:
            if family_of(address) == wanted:
                return address
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def getaddrinfo(
        self, host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        """getaddrinfo(): for a name of ours, what the system says of its addresses, one after another."""
        found = self.find(host)
        if found is None or flags & socket.AI_NUMERICHOST:
            return self._getaddrinfo(host, port, family, type, proto, flags)
        flags = (flags & ~_NOT_OURS) | socket.AI_NUMERICHOST
        answers: list[Any] = []
        for address in found:
            if family in (0, family_of(address)):
                answers += self._getaddrinfo(address, port, family, type, proto, flags)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers

    def gethostbyname(self, host: Any) -> str:
        """gethostbyname(): the first IPv4 address."""
        return self.first(host, socket.AF_INET) or self._gethostbyname(host)

    def gethostbyname_ex(self, host: Any) -> Any:
        """gethostbyname_ex(): all IPv4 addresses."""
        if self.first(host, socket.AF_INET) is None:
            return self._gethostbyname_ex(host)
        return host, [], [one for one in self.find(host) or () if family_of(one) == socket.AF_INET]

    def address(self, sock: socket.socket, given: Any) -> Any:
        """An endpoint as the system takes it: with the address in the place of a name of ours."""
        if sock.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(given, tuple) or not given:
            return given
        found = self.first(given[0], sock.family)
        return given if found is None else (found, *given[1:])


def resolving(plain: type[socket.socket], answers: _Answers) -> type[socket.socket]:
    """A subclass of `plain` whose calls that take an address know our names too."""

    class ResolvingSocket(plain):  # type: ignore[misc,valid-type]
        """`socket.socket`, with names that only this process knows."""

        __slots__ = ()

    def knows(name: str, place: int) -> Callable[..., Any]:
        method = getattr(plain, name)

        def call(self: Any, *given: Any) -> Any:
            # sendto's address stands last, behind the flags if there are any
            at = len(given) - 1 if name == "sendto" else place
            if 0 <= at < len(given):
                given = (*given[:at], answers.address(self, given[at]), *given[at + 1 :])
            return method(self, *given)

        call.__name__, call.__doc__ = name, method.__doc__
        return call

    for name, place in (("connect", 0), ("connect_ex", 0), ("bind", 0), ("sendto", -1), ("sendmsg", 3)):
        if hasattr(plain, name):
            setattr(ResolvingSocket, name, knows(name, place))
    ResolvingSocket.__name__ = ResolvingSocket.__qualname__ = "socket"
    ResolvingSocket.__module__ = "socket"
    return ResolvingSocket


def install(names: Names) -> None:
    """From now on, let these names lead to their addresses in this process; before sockets are traced."""
    if not names:
        return
    answers: Any = _Answers(names)
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(_socket, name, getattr(answers, name))
    # `socket` has these two from `_socket`; its own getaddrinfo asks the one there
    socket.gethostbyname = answers.gethostbyname
    socket.gethostbyname_ex = answers.gethostbyname_ex
    socket.socket = resolving(socket.socket, answers)  # type: ignore[misc]
