"""Histories made by hand, for tests that need an exchange and no processes: each says who called what, in order."""

from __future__ import annotations

from dataclasses import replace

from autograder.exchange import Address, Call, Exchange, Line, Outcome, ProgramState, Side, Step

SERVER: Address = ("127.0.0.1", 20123)
CLIENT: Address = ("127.0.0.1", 51000)


class Story:
    """Collects calls and steps; every call happens one millisecond after the last unless it says otherwise."""

    def __init__(self, transport: str = "tcp") -> None:
        self.calls: list[Call] = []
        self.steps: list[Step] = []
        self.now = 0.0
        self.kind = "SOCK_STREAM" if transport == "tcp" else "SOCK_DGRAM"

    def call(self, side: Side, name: str, socket: int = 1, *, wait: float = 0.0, **rest: object) -> Call:
        """One call; `data` sets `size` too, `blocked=True` leaves it without an end."""
        self.now += 0.001 + wait
        blocked = rest.pop("blocked", False)
        data = rest.get("data", b"")
        assert isinstance(data, bytes)
        number = rest.pop("line", None)
        line = Line("student.py", number, "echo_server") if isinstance(number, int) else None
        values: dict[str, object] = {
            "process": 10 if side == "student" else 20,
            "descriptor": socket + 2,
            "started": self.now,
            "ended": None if blocked else self.now + 0.0005,
            "size": len(data),
            "type": self.kind,
            "line": line,
        }
        call = Call(side=side, name=name, socket=socket, **(values | rest))  # type: ignore[arg-type]
        call = replace(call, data=call.data[:1024])
        self.calls.append(call)
        return call

    def student(self, name: str, socket: int = 1, **rest: object) -> Call:
        return self.call("student", name, socket, **rest)  # type: ignore[arg-type]

    def reference(self, name: str, socket: int = 1, **rest: object) -> Call:
        return self.call("reference", name, socket, **rest)  # type: ignore[arg-type]

    def step(self, text: str, actor: str = "client", outcome: Outcome = Outcome.DONE, **rest: object) -> None:
        passed = bool(rest.pop("passed", True))
        step = Step(len(self.steps) + 1, actor, text, passed, outcome, **rest)  # type: ignore[arg-type]
        self.steps.append(replace(step, ended=self.now + 0.0005))

    def listens(self) -> None:
        """The student's server comes up."""
        self.student("socket", line=4)
        self.student("bind", arguments=(str(SERVER),), local=SERVER, line=5)
        self.student("listen", arguments=(5,), local=SERVER, line=6)

    def connects(self, socket: int = 1, address: Address = CLIENT) -> None:
        """A reference client connects."""
        self.reference("socket", socket)
        self.reference("connect", socket, arguments=(str(SERVER),), local=address, remote=SERVER)

    def accepts(self, made: int = 2, address: Address = CLIENT) -> None:
        """The student's server takes a connection."""
        self.student("accept", local=SERVER, remote=address, made=made, result=made + 2, line=8)

    def moves(
        self, side: Side, name: str, data: bytes = b"", socket: int = 0, address: Address = CLIENT, **rest: object
    ) -> Call:
        """A call on an established connection."""
        ends = (SERVER, address) if side == "student" else (address, SERVER)
        socket = socket or (2 if side == "student" else 1)
        if name.startswith("recv"):
            rest.setdefault("arguments", (4096,))
        return self.call(side, name, socket, data=data, local=ends[0], remote=ends[1], **rest)  # type: ignore[arg-type]

    def exchange(self, **rest: object) -> Exchange:
        """The history so far."""
        values: dict[str, object] = {
            "function": "echo_server",
            "role": "server",
            "transport": "tcp" if self.kind == "SOCK_STREAM" else "udp",
            "calls": tuple(self.calls),
            "steps": tuple(self.steps),
            "given": SERVER,
            "bound": SERVER,
        }
        return Exchange(**(values | rest))  # type: ignore[arg-type]


def echo() -> Exchange:
    """A correct iterative echo server and one client."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects")
    story.accepts()
    story.moves("reference", "sendall", b"hello")
    story.step("sends 5 bytes")
    story.moves("student", "recv", b"hello", line=10)
    story.moves("student", "sendall", b"hello", line=13)
    story.moves("reference", "recv", b"hello")
    story.step("expects 5 bytes", outcome=Outcome.DATA, expected=b"hello", received=b"hello")
    story.moves("reference", "shutdown", arguments=("SHUT_WR",))
    story.step("half-closes")
    story.moves("student", "recv", b"", line=10)
    story.moves("student", "close", line=14)
    story.moves("reference", "recv", b"")
    story.step("expects end of file", outcome=Outcome.EOF)
    story.moves("reference", "close")
    story.student("accept", local=SERVER, line=8, blocked=True)
    return story.exchange()


def second_client_waits() -> Exchange:
    """Mistake 25: the server accepts once, so the second client's bytes lie unread and nothing comes back."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects", "client 1")
    story.accepts()
    story.moves("reference", "sendall", b"one")
    story.step("sends 3 bytes", "client 1")
    story.moves("student", "recv", b"one", line=10)
    story.moves("student", "sendall", b"one", line=11)
    story.moves("reference", "recv", b"one")
    story.step("expects 3 bytes", "client 1", Outcome.DATA, expected=b"one", received=b"one")
    second = ("127.0.0.1", 51002)
    story.student("recv", 2, local=SERVER, remote=CLIENT, arguments=(4096,), line=10, blocked=True)
    story.connects(2, second)
    story.step("connects", "client 2")
    story.moves("reference", "sendall", b"second", 2, second)
    story.step("sends 6 bytes", "client 2")
    story.now += 2
    story.step(
        "expects 6 bytes", "client 2", Outcome.SILENCE, passed=False, expected=b"second", received=b"",
        detail="Nothing came within 2 seconds.",
    )  # fmt: skip
    where = Line("student.py", 10, "echo_server", "        data = connection.recv(4096)")
    return story.exchange(
        program=ProgramState(stack=(where,), blocked_in="recvfrom", open_sockets=2, output="listening\n")
    )


def crash() -> Exchange:
    """Mistake 31: a client's reset ends the server."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects")
    story.reference("setsockopt", arguments=("SOL_SOCKET", "SO_LINGER", "b'\\x01'"), local=CLIENT, remote=SERVER)
    story.moves("reference", "close")
    story.step("resets")
    story.accepts()
    story.moves("student", "recv", error="ECONNRESET", message="Connection reset by peer", line=10)
    story.step(
        "connects", "client 2", Outcome.CRASH, passed=False,
        detail="The program had ended with ConnectionResetError.",
    )  # fmt: skip
    trace = (Line("student.py", 10, "echo_server", "data = connection.recv(4096)"),)
    return story.exchange(
        program=ProgramState(
            running=False, exit_status=1, traceback=trace,
            exception="ConnectionResetError: [Errno 104] Connection reset by peer",
        )
    )  # fmt: skip


def spinning() -> Exchange:
    """Mistake 48: b'' is ignored."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects")
    story.accepts()
    story.moves("reference", "shutdown", arguments=("SHUT_WR",))
    story.step("half-closes")
    for _ in range(1000):
        story.moves("student", "recv", b"", line=10)
    story.step(
        "expects end of file", outcome=Outcome.SPINNING, passed=False,
        detail="recv returned b'' 1,000 times, and the program called it again each time.",
    )  # fmt: skip
    where = Line("student.py", 10, "echo_server", "data = connection.recv(4096)")
    return story.exchange(program=ProgramState(stack=(where,), cpu=1.9, open_sockets=2))


def wrong_bytes(expected: bytes = b"\x83\xaa\x7e\x80", received: bytes = b"\x80\x7e\xaa\x83") -> Exchange:
    """Mistake 7: native byte order."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects")
    story.accepts()
    story.moves("student", "sendall", received, line=11)
    story.moves("reference", "recv", received)
    story.step(
        f"expects {len(expected)} bytes", outcome=Outcome.DATA, passed=False, expected=expected, received=received,
        detail="Other bytes came.",
    )  # fmt: skip
    return story.exchange(function="time_server")


def datagrams() -> Exchange:
    """A UDP echo server that answers the first of two datagrams."""
    story = Story("udp")
    story.student("socket", line=4)
    story.student("bind", arguments=(str(SERVER),), local=SERVER, line=5)
    story.reference("socket")
    story.reference("sendto", data=b"ping", arguments=(str(SERVER),), local=("0.0.0.0", 51000), remote=SERVER)
    story.step("sends a datagram of 4 bytes")
    story.student("recvfrom", data=b"ping", arguments=(2048,), local=SERVER, remote=CLIENT, line=7)
    story.student("sendto", data=b"ping", arguments=(str(CLIENT),), local=SERVER, remote=CLIENT, line=8)
    story.reference("recvfrom", data=b"ping", arguments=(65535,), local=("0.0.0.0", 51000), remote=SERVER)
    story.step("expects a datagram of 4 bytes", outcome=Outcome.DATA, expected=b"ping", received=b"ping")
    story.reference("sendto", data=b"", arguments=(str(SERVER),), local=("0.0.0.0", 51000), remote=SERVER)
    story.step("sends a datagram of 0 bytes")
    story.student("recvfrom", data=b"", arguments=(2048,), local=SERVER, remote=CLIENT, line=7)
    story.student("close", local=SERVER, line=10)
    story.step(
        "expects a datagram of 0 bytes", outcome=Outcome.EXIT, passed=False, expected=b"", received=None,
        detail="The program ended before it answered.",
    )  # fmt: skip
    return story.exchange(function="udp_echo_server", program=ProgramState(running=False, exit_status=0))


def three_clients() -> Exchange:
    """A threaded server that serves three clients in turn of their sending."""
    story = Story()
    story.listens()
    places = [("127.0.0.1", 51000 + 2 * number) for number in range(3)]
    for number, place in enumerate(places):
        story.connects(number + 1, place)
        story.step("connects", f"client {number + 1}")
        story.accepts(number + 2, place)
    for number, place in reversed(list(enumerate(places))):
        data = b"from %d" % (number + 1)
        story.moves("reference", "sendall", data, number + 1, place)
        story.step("sends 6 bytes", f"client {number + 1}")
        story.moves("student", "recv", data, number + 2, place, line=20, thread=number)
        story.moves("student", "sendall", data, number + 2, place, line=21, thread=number)
        story.moves("reference", "recv", data, number + 1, place)
        story.step("expects 6 bytes", f"client {number + 1}", Outcome.DATA, expected=data, received=data)
    return story.exchange()


def six_megabytes(received: int = 6_000_000) -> Exchange:
    """A 6 MB echo; with fewer than all received, the client waits for the rest in vain."""
    story = Story()
    story.listens()
    story.connects()
    story.step("connects")
    story.accepts()
    story.moves("reference", "sendall", size=6_000_000, data=b"\xa7" * 1024, thread=1)
    story.step("sends 6,000,000 bytes")
    for start in range(0, received, 62_500):
        size = min(62_500, received - start)
        story.moves("student", "recv", size=size, data=b"\xa7" * 1024, arguments=(65536,), line=10)
        story.moves("student", "sendall", size=size, data=b"\xa7" * 1024, line=13)
        story.moves("reference", "recv", size=size, data=b"\xa7" * 1024, arguments=(1048576,))
    story.student("recv", 2, local=SERVER, remote=CLIENT, arguments=(65536,), line=10, blocked=True)
    whole = received == 6_000_000
    story.step(
        "expects 6,000,000 bytes", outcome=Outcome.DATA if whole else Outcome.SILENCE, passed=whole,
        expected=b"\xa7" * 6_000_000, received=b"\xa7" * received, detail="" if whole else "The rest did not come.",
    )  # fmt: skip
    return story.exchange()


def daytime_client() -> Exchange:
    """Mistake 44: a client that takes one recv for the whole reply, which comes in three pieces."""
    story = Story()
    listener = ("127.0.0.1", 20123)
    story.reference("socket")
    story.reference("bind", arguments=(str(listener),), local=listener)
    story.reference("listen", arguments=(5,), local=listener)
    story.student("socket", line=3)
    story.student("connect", arguments=(str(listener),), local=CLIENT, remote=listener, line=4)
    story.reference("accept", local=listener, remote=CLIENT, made=2, result=4)
    story.step("accepts", "server")

    def server(name: str, data: bytes = b"", **rest: object) -> None:
        story.reference(name, 2, data=data, local=listener, remote=CLIENT, **rest)

    def client(name: str, data: bytes = b"", **rest: object) -> None:
        story.student(name, 1, data=data, local=CLIENT, remote=listener, **rest)

    server("sendall", b"Tue, ")
    client("recv", b"Tue, ", arguments=(4096,), line=5)
    server("sendall", b"24 Nov ")
    server("sendall", b"2026\r\n")
    server("close")
    story.step("sends 18 bytes in 3 pieces", "server")
    client("close", line=6)
    story.step(
        "returns 'Tue, 24 Nov 2026'", "program", Outcome.VALUE, passed=False, detail="It returned 'Tue, '.",
        expected_value="'Tue, 24 Nov 2026'", received_value="'Tue, '",
    )  # fmt: skip
    program = ProgramState(running=False, exit_status=0, returned="'Tue, '")
    return story.exchange(function="get_daytime", role="client", program=program)
