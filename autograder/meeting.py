"""A meeting: a student's program and its reference peer, from start to end.

Owns `serve` and `call`, what a check cell is written with. A meeting is a context manager: entering starts the
program, leaving ends it, its whole family of processes, and every socket.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self

from autograder import client, expectations, plain, program
from autograder.check import CheckStopped
from autograder.connection import Connection
from autograder.datagram import Datagrams
from autograder.exchange import Address, Exchange, Outcome
from autograder.peers import tcp, udp
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

    def connect(self, *, to: str | None = None) -> Connection:
        """A new reference client, connected; `to` is the address it uses, if not the one the program was given."""
        connection = client.connect(self._trial, self._named(), self._address(to))
        self._dropped.append(connection)
        return connection

    def refuses(self, *, to: str) -> None:
        """A client that connects to this address is refused: the program does not listen there."""
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


class Calling(Meeting):
    """A student's function that may wait, called in a process of its own, with a reference server for it to meet."""

    peer: Any
    """The reference server, `peers.tcp.Server` or `peers.udp.Server`; None if the call was made without one."""

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[object, ...], peer: Transport | None, host: str
    ) -> None:
        super().__init__(function, 2 if peer else 0, "client" if peer else "function", peer or "none", arguments)
        self._arguments, self._kind, self._host = arguments, peer, host
        self.peer = None

    def _begin(self) -> None:
        arguments = self._arguments
        if self._kind is not None:
            self.peer = (tcp if self._kind == "tcp" else udp).Server(self._trial, self._host)
            self._dropped.append(self.peer)
            self._trial.given = self.peer.address
            arguments = (*self.peer.address, *arguments)
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
    function: Callable[..., Any], *arguments: object, peer: Transport | None = None, host: str = "127.0.0.1"
) -> Calling:
    """Call a student's function that may wait, in a process of its own.

    A socket among the arguments is passed by its descriptor, and stays open here too; all others are copied.
    With `peer` a reference server of that transport listens at `host`, and the function is called with its host and
    port before the other arguments. Use it in a `with` statement. Raises NotAProgram if the function cannot be started.
    """
    return Calling(function, arguments, peer, host)
