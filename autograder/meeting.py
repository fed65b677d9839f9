"""A meeting: a student's program and its reference peer, from start to end.

Owns `serve` and `call`, what a check cell is written with. A meeting is a context manager: entering starts the
program, leaving ends it, its whole family of processes, and every socket.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Literal, Self

from autograder import client, expectations, names, peers, plain, program
from autograder.check import CheckStopped
from autograder.connection import Connection
from autograder.datagram import Datagrams
from autograder.exchange import Address, Exchange, Outcome
from autograder.peers import KINDS, Kind
from autograder.trial import Trial

Transport = Literal["tcp", "udp"]
TRIES = 5
"""How often another port is tried, if somebody takes the chosen one before the program does."""


class Meeting:
    """What serving and calling share: the trial, its history, and claims about the program itself."""

    def __init__(
        self, function: Callable[..., Any], address: int, role: Any, transport: Any, further: tuple[object, ...] = ()
    ) -> None:
        self._trial = Trial(program.of(function, address + len(further), further), role, transport)
        self._dropped: list[Any] = []

    @property
    def exchange(self) -> Exchange:
        """The history so far, frozen when the program has done all it will do by itself."""
        self._trial.settle()
        return self._trial.freeze()

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._finish()
            raise
        return self

    def _begin(self) -> None:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()
        if kind is KeyboardInterrupt:
            raise CheckStopped(
                "You stopped this check. The program it ran is ended; run the cell again when you like."
            ) from None

    def _finish(self) -> None:
        self._trial.stop()
        for opened in self._dropped:
            opened.drop()

    def expects_flow(self, pattern: str) -> None:
        """The program's calls, socket by socket, fit a flow: `socket bind listen (accept (recv|send)* close)*`."""
        text = f"expects the call flow {pattern}"
        state = self._trial.settle()
        names = expectations.flow(self._trial.freeze())
        if not expectations.matches(pattern, names):
            detail = expectations.wrong_flow(pattern, names)
            raise self._trial.failed("check", text, state, detail)
        self._trial.passed("check", text)

    def expects_sockets_closed(self) -> None:
        """The program holds no more sockets than when it began to serve."""
        text = "expects that every connection's socket has been closed"
        state = self._trial.settle()
        left = self._trial.sockets_left()
        if left:
            sockets = "socket is" if left == 1 else "sockets are"
            raise self._trial.failed("check", text, state, f"{left:,} {sockets} still open in the program.")
        self._trial.passed("check", text)


class Serving(Meeting):
    """A student's server, listening, and the reference clients that visit it."""

    def __init__(self, function: Callable[..., Any], host: str, transport: Transport) -> None:
        super().__init__(function, 2, "server", transport)
        self._host, self._transport = host, transport
        self._clients = 0
        self._port = 0

    def _begin(self) -> None:
        for _ in range(TRIES):
            self._port = client.free_port()
            instead = self._start()
            if instead is None or not self._trial.refused_port():
                break
            self._trial.take_back()
        self._expect_ready("", instead)

    def _start(self) -> Outcome | None:
        self._trial.given = (self._host, self._port)
        self._trial.start(self._trial.given)
        return self._trial.ready()

    def _expect_ready(self, verb: str, instead: Outcome | None) -> None:
        does = "listens" if self._transport == "tcp" else "binds its socket"
        text = f"{verb}{does} at {self._host or 'every address'} port {self._port}"
        if instead is None:
            bound = self._trial.bound
            other = bound is not None and bound[1] not in (0, self._port)
            self._trial.passed("program", f"{verb}{does}, but at port {bound[1]}" if bound and other else text)
            return
        detail = expectations.never_ready(self._transport, instead, self._trial.freeze().calls)
        raise self._trial.failed("program", text, instead, detail)

    def restarts(self) -> None:
        """Kill the program once it is at rest, and start it again at once on the same port; it must listen again."""
        self._trial.settle()
        self._trial.stop()
        self._expect_ready("is killed, starts again and ", self._start())

    def _named(self) -> str:
        self._clients += 1
        return "client" if self._clients == 1 else f"client {self._clients}"

    def _address(self, to: str | None) -> Address:
        wildcard = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
        return to or wildcard.get(self._host, self._host), self._port

    def connect(self, *, to: str | None = None, receive_buffer: int | None = None) -> Connection:
        """A new reference client, connected; `to` is the address it uses, if not the one the program was given.

        `receive_buffer` is the size in bytes of its socket's SO_RCVBUF, set before connect(), as tcp(7) asks: with a
        small one the program soon finds that it can send no more.
        """
        connection = client.connect(self._trial, self._named(), self._address(to), receive_buffer)
        self._dropped.append(connection)
        return connection

    def connect_many(self, count: int) -> list[Connection]:
        """So many new reference clients, connected one after another."""
        return [self.connect() for _ in range(count)]

    def refuses(self, *, to: str | None = None) -> None:
        """A client that connects, to this address if one is given, is refused: the program does not listen there."""
        client.is_refused(self._trial, self._named(), self._address(to))

    def datagrams(self, *, to: str | None = None) -> Datagrams:
        """A new reference client that speaks UDP."""
        opened = client.datagrams(self._trial, self._named(), self._address(to))
        self._dropped.append(opened)
        return opened

    def expects_running(self) -> None:
        """The program is still there, and serves."""
        state = self._trial.settle()
        if state in (Outcome.CRASH, Outcome.EXIT):
            detail = expectations.MEANT[state].capitalize() + "."
            raise self._trial.failed("check", "expects that the program still serves", state, detail)
        self._trial.passed("check", "expects that the program still serves")

    def expects_memory_within(self, growth: int) -> None:
        """The program's resident memory, that of all its processes, is at most so many bytes more than before the last
        flood, or when it was ready. It is measured with the program at rest. A process forked since then counts with
        what it has for itself.
        """
        text = f"expects that the program's memory has grown by at most {growth:,} bytes"
        state = self._trial.settle()
        if state in (Outcome.CRASH, Outcome.EXIT):
            raise self._trial.failed("check", text, state, expectations.MEANT[state].capitalize() + ".")
        before, grown = self._trial.memory()
        if grown > growth:
            raise self._trial.failed("check", text, Outcome.DONE, expectations.grown(before, grown))
        self._trial.passed("check", text)

    def expects_port_kept(self) -> None:
        """A second copy of the program, started beside the first with the same address, is refused the port.

        What the second copy does is no part of the history. It is ended at once, and the first serves on.
        """
        text = "expects that a second copy of the program cannot take its port"
        begun = self._trial.now()
        self._trial.settle()
        second = self._trial.beside()
        try:
            second.start((self._host, self._port))
            instead = second.ready()
            kept = instead in (Outcome.CRASH, Outcome.EXIT) and second.refused_port()
            detail = "" if kept else expectations.second_copy(self._port, second.bound, instead, second.ending or {})
        finally:
            second.stop()
        if not kept:
            raise self._trial.failed("check", text, Outcome.DONE, detail, started=begun)
        self._trial.passed("check", text, started=begun)


class Calling(Meeting):
    """A student's function that may wait, called in a process of its own, with reference servers for it to meet."""

    peer: Any
    """The first reference server, a Server of `peers.tcp`, `udp`, `full` or `absent`; None without one."""

    peers: list[Any]
    """All reference servers, in the order in which the function gets their ports."""

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[object, ...],
        kinds: Sequence[Kind],
        host: str,
        *,
        several: bool = False,
        resolves: Sequence[str] = (),
    ) -> None:
        transport = peers.transport(kinds[0]) if kinds else "none"
        super().__init__(function, 2 if kinds else 0, "client" if kinds else "function", transport, arguments)
        self._arguments, self._kinds, self._host, self._several = arguments, kinds, host, several
        self._resolves = tuple(resolves)
        self.peer, self.peers = None, []

    def _begin(self) -> None:
        arguments = self._arguments
        if self._kinds:
            self.peers = peers.open_all(self._trial, self._kinds, self._host, self._resolves, self._dropped)
            self.peer = self.peers[0]
            host = names.PEER if self._resolves else self._host
            ports = [peer.address[1] for peer in self.peers]
            self._trial.given = (host, ports[0])
            self._trial.names = {names.PEER: self._resolves} if self._resolves else {}
            met = zip(ports, self._kinds, strict=True)
            self._trial.ports = tuple(port for port, kind in met if kind != peers.UNANSWERING)
            self._trial.unanswered = peers.UNANSWERING in self._kinds
            self._trial.listed = tuple(ports) if self._several else ()
            arguments = (host, ports if self._several else ports[0], *arguments)
        self._trial.start(arguments)

    def _ending(self) -> dict[str, Any]:
        self._trial.until(lambda recorder: recorder.ended)
        return self._trial.ending or {}

    def result(self) -> Any:
        """Wait until the function returns; its value (bytes, text, numbers and collections of these)."""
        begun, text = self._trial.now(), "expects that the function returns"
        ending = self._ending()
        value = self._value(text, ending, begun)
        self._trial.passed("check", text, Outcome.VALUE, started=begun)
        return value

    def _value(self, text: str, ending: dict[str, Any], begun: float) -> Any:
        """The value that the function returned; the step fails if it returned none, or none that can cross."""
        if ending.get("e") == "return" and ending["plain"]:
            try:
                return plain.loads(ending["value"])
            except plain.NotPlain:
                ending = ending | {"type": "unknown"}
        raise self._no_value(text, ending, begun)

    def _no_value(self, text: str, ending: dict[str, Any], begun: float) -> BaseException:
        if ending.get("e") == "return":
            detail = f"It returned an object of type {ending['type']}; return bytes, text or numbers."
            return self._trial.failed("check", text, Outcome.VALUE, detail, started=begun)
        outcome = self._trial.settle()
        return self._trial.failed("check", text, outcome, expectations.no_return(outcome, ending), started=begun)

    def returns(self, expected: object) -> None:
        """The function returns this value."""
        begun, text = self._trial.now(), f"expects that the function returns {expectations.brief(expected)}"
        ending = self._ending()
        value = self._value(text, ending, begun)
        if type(value) is type(expected) and value == expected:
            self._trial.passed("check", text, Outcome.VALUE, started=begun)
            return
        detail = expectations.other_value(expected, value)
        pair = expectations.compared(expected, value)
        raise self._trial.failed("check", text, Outcome.VALUE, detail, started=begun, **pair)

    def raises(self, error: type[BaseException] | tuple[type[BaseException], ...]) -> None:
        """The function raises this exception, or one of these, or one derived from them."""
        begun = self._trial.now()
        wanted = error if isinstance(error, tuple) else (error,)
        text = f"expects that the function raises {' or '.join(kind.__name__ for kind in wanted)}"
        ending = self._ending()
        if ending.get("e") == "crash" and {kind.__name__ for kind in wanted} & set(ending["kinds"]):
            self._trial.passed("check", text, Outcome.ERROR, started=begun)
            return
        if ending.get("e") == "return":
            detail = f"It returned {ending['shown'][:200]} instead."
            raise self._trial.failed("check", text, Outcome.VALUE, detail, started=begun)
        outcome = self._trial.settle()
        raise self._trial.failed("check", text, outcome, expectations.no_return(outcome, ending), started=begun)


def serve(function: Callable[..., Any], *, host: str = "127.0.0.1", transport: Transport = "tcp") -> Serving:
    """Start a student's server, `function(host, port)`, and meet it.

    `host` is what the program is told to bind: "" means every address (INADDR_ANY), "::1" is IPv6's loopback.
    Use it in a `with` statement, which waits until the program listens (TCP) or is bound (UDP).
    Raises NotAProgram if the function cannot be started, CheckFailed if it never listens.
    """
    return Serving(function, host, transport)


def call(
    function: Callable[..., Any],
    *arguments: object,
    peer: Kind | None = None,
    peers: Sequence[Kind] = (),
    host: str = "127.0.0.1",
    resolves: Sequence[str] = (),
) -> Calling:
    """Call a student's function that may wait, in a process of its own.

    A socket among the arguments is passed by its descriptor, and stays open here too; all others are copied.
    With `peer` a reference server of that kind is at `host`, and the function is called with its host and port before
    the other arguments. With `peers` there are several; the function gets the host and a list of their ports.

    The kinds are "tcp" and "udp"; "tcp-full", whose queue of waiting connections is full, so that a connect to it is
    neither accepted nor refused (on Windows it is refused); "tcp-absent" and "udp-absent": nobody is there, and a
    connection, or a datagram of a connected socket, is refused.

    With `resolves` the function is given the name `peer.test` instead of `host`; in its process that name leads to
    these addresses, in this order. The server is at `host` only; a connection to another of them is refused.

    Use it in a `with` statement. Raises NotAProgram if the function cannot be started, ValueError for an unknown kind
    of peer or what is no numeric address.
    """
    if peer is not None and peers:
        raise ValueError("give either peer or peers")
    kinds = (peer,) if peer is not None else tuple(peers)
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is no kind of peer {kind!r}; there are: {', '.join(KINDS)}")
    for address in resolves:
        names.family_of(address)
    if resolves and not kinds:
        raise ValueError("a name needs a peer that it leads to")
    return Calling(function, arguments, kinds, host, several=bool(peers), resolves=resolves)
