"""Lives and talks: the calls made on one socket, and the two ends of one conversation.

Owns the grouping of calls and what follows from it about one socket. Must not know about steps, programs or mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from autograder.exchange import Address, Call

RECEIVES = frozenset({"recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"})
SENDS = frozenset({"send", "sendall", "sendto", "sendmsg", "sendfile"})
ENDS = frozenset({"close", "detach"})


@dataclass(frozen=True)
class Life:
    """One socket of one process, by its calls in the order they began; there is at least one."""

    calls: tuple[Call, ...]

    def did(self, *names: str) -> tuple[Call, ...]:
        """The calls of these names that ended without an error."""
        return tuple(call for call in self.calls if call.name in names and not call.blocked and not call.failed)

    def tried(self, *names: str) -> tuple[Call, ...]:
        """The calls of these names, however they ended."""
        return tuple(call for call in self.calls if call.name in names)

    @property
    def stream(self) -> bool:
        """Whether it is a stream socket."""
        return self.calls[0].type == "SOCK_STREAM"

    @property
    def family(self) -> str:
        """Its address family, "AF_INET"."""
        return self.calls[0].family

    @property
    def internet(self) -> bool:
        """Whether it speaks IP, version 4 or 6; event loops keep other sockets for themselves."""
        return self.family in ("AF_INET", "AF_INET6")

    @property
    def made(self) -> bool:
        """Whether the program made it by socket(), and not by accept or dup."""
        return self.calls[0].name == "socket"

    @property
    def key(self) -> tuple[int, int]:
        """The process and the socket's number in it."""
        return self.calls[0].process, self.calls[0].socket

    @property
    def local(self) -> Address | None:
        """Its own address, as it was last known."""
        return next((call.local for call in reversed(self.calls) if call.local and call.name != "accept"), None)

    @property
    def blocked(self) -> Call | None:
        """The call that it still waits in."""
        return next((call for call in reversed(self.calls) if call.blocked), None)

    @property
    def closed(self) -> Call | None:
        """The call that gave it up."""
        return next((call for call in self.calls if call.name in ENDS and not call.failed), None)

    def sets(self, option: str, *, before: str = "") -> bool:
        """Whether an option is set, before the first call of a name if one is given."""
        calls = self.calls
        if before:
            stops = [position for position, call in enumerate(calls) if call.name == before]
            calls = calls[: stops[0]] if stops else calls
        return any(call.name == "setsockopt" and option in call.arguments and not call.failed for call in calls)


def lives_of(calls: Iterable[Call]) -> tuple[Life, ...]:
    """The sockets these calls were made on, in the order they first appear."""
    found: dict[tuple[int, int], list[Call]] = {}
    for call in calls:
        found.setdefault((call.process, call.socket), []).append(call)
    return tuple(Life(tuple(group)) for group in found.values())


@dataclass(frozen=True)
class Talk:
    """Both ends of one conversation: the reference's socket, the program's calls, and the accept that made its socket.

    Several processes of the program may have made those calls.
    """

    reference: Life
    student: tuple[Call, ...]
    accept: Call | None

    @cached_property
    def sent(self) -> int:
        """Bytes that the reference sent."""
        return sum(call.size for call in self.reference.did(*SENDS))

    @cached_property
    def message(self) -> bytes | None:
        """All that the reference sent, None if the history does not keep it whole."""
        sends = self.reference.did(*SENDS)
        return b"".join(call.data for call in sends) if all(len(call.data) == call.size for call in sends) else None

    @cached_property
    def reads(self) -> tuple[Call, ...]:
        """The program's reads that returned, the end of file among them."""
        return tuple(call for call in self.student if call.name in RECEIVES and not call.blocked and not call.failed)

    @cached_property
    def data_reads(self) -> tuple[Call, ...]:
        """Those that returned bytes."""
        return tuple(call for call in self.reads if call.size)

    @cached_property
    def read(self) -> int:
        """Bytes that the program read."""
        return sum(call.size for call in self.reads)

    @cached_property
    def writes(self) -> tuple[Call, ...]:
        """The program's calls that send, those that still wait or failed among them."""
        return tuple(call for call in self.student if call.name in SENDS)

    @cached_property
    def written(self) -> int:
        """Bytes that the program sent."""
        return sum(call.size for call in self.writes if not call.blocked and not call.failed)

    @property
    def saw_end(self) -> bool:
        """Whether the program read the end of file."""
        return any(not call.size for call in self.reads)

    @property
    def closed(self) -> bool:
        """Whether the program, in any of its processes, closed its socket."""
        return any(call.name in ENDS and not call.blocked for call in self.student)

    @property
    def ended(self) -> bool:
        """Whether the program closed its socket or shut it down."""
        return self.closed or any(call.name == "shutdown" for call in self.student)

    @property
    def peer_ended(self) -> bool:
        """Whether the reference will send no more."""
        return bool(self.reference.tried("shutdown", "close"))

    @property
    def reset(self) -> bool:
        """Whether the reference met a reset."""
        return any(call.error in ("ECONNRESET", "EPIPE") for call in self.reference.calls)

    @property
    def blocked(self) -> Call | None:
        """The program's call that still waits."""
        return next((call for call in self.student if call.blocked), None)

    @property
    def waits_for_more(self) -> bool:
        """Whether the program has read all that was sent, and waits for more, in a conversation that stays open."""
        waiting = self.blocked
        return (
            waiting is not None
            and waiting.name in RECEIVES
            and 0 < self.sent == self.read
            and not self.peer_ended
            and not self.saw_end
        )

    @property
    def silent_since_reading(self) -> bool:
        """Whether the program has read something, and called nothing that sends since."""
        return bool(self.data_reads) and not any(call.started > self.data_reads[-1].started for call in self.writes)

    def makefiles(self) -> tuple[str, ...]:
        """The modes of the files that the program made of its socket."""
        return tuple(str(call.arguments[0]).strip("'") for call in self.student if call.name == "makefile")
