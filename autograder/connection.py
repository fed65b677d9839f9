"""A connection of the reference side: what it does to the student's program and what it expects of it.

Owns the actions and the gathering of what comes back, for TCP; both the reference client's socket and the one that a
reference server accepts are connections. Must not start programs or judge more than one step.

Every method is one numbered step. A step that does not go as it should raises CheckFailed.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from collections.abc import Sequence
from typing import Any

from autograder import expectations
from autograder.exchange import Address, Outcome
from autograder.expectations import show
from autograder.trial import REPLY_SECONDS, Trial

TOGETHER = 16_000
"""The most bytes of messages sent together: on loopback so many still arrive as one segment.

macOS's MTU there is 16,384. Linux pushes what exceeds half the receiver's window, 32,741 bytes at first (tcp_sendmsg).
"""

CHUNK = 65_536
"""Bytes asked of one recv, and offered to one send."""

LOW_WATER = 32_768
"""The most bytes that a socket is asked to gather before it tells; its buffer must hold them."""

_PLAIN = socket.socket
"""For options that are the harness's own affair: set with this class's method, they do not enter the history."""


class Connection:
    """One end of a TCP connection with the student's program. `actor` is what steps call it ("client 2")."""

    def __init__(
        self, trial: Trial, actor: str, sock: socket.socket, remote: Address, *, is_reset: bool = False
    ) -> None:
        self._trial, self._actor, self._sock = trial, actor, sock
        self._inbox = bytearray()
        self._end: Outcome | None = Outcome.RESET if is_reset else None
        self._sent = 0
        sock.setblocking(False)
        _PLAIN.setsockopt(sock, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.local: Address = sock.getsockname()[:2]
        self.remote = remote

    # -- actions ------------------------------------------------------------------------------------------------

    def sends(self, data: bytes, *, pieces: Sequence[int] | int | None = None, reads_late: bool = False) -> None:
        """Send these bytes.

        `pieces` gives the sizes in bytes of the pieces (one number: all of that size), each sent only when the
        program has read the one before, so that n pieces are n reads. A connection that has ended does not fail this
        step, since how much could still be sent is a matter of moments; it fails what is expected next.

        What comes back meanwhile is kept for `expects`; with `reads_late` nothing is read until the program, too, can
        write no more.
        """
        begun = self._trial.now()
        cuts = _cut(data, pieces)
        text = f"sends {show(data)}" + (f" in {len(cuts)} pieces" if len(cuts) > 1 else "")
        text += ", reading nothing until it must" if reads_late else ""
        sent = 0
        for cut in cuts:
            sent += self._send(data[sent : sent + cut], reads_late)
            if len(cuts) > 1 and sent < len(data):
                self._trial.until_read(self.local, self._sent + sent)
        self._has_sent(text, sent, len(data), begun)

    def _has_sent(self, text: str, sent: int, size: int, begun: float) -> None:
        """Note the step that sent so many of its bytes; it fails if the program took no more, and had not ended."""
        self._sent += sent
        if sent < size and self._end is None:
            detail = expectations.unsent(sent, size, Outcome.SILENCE)
            raise self._trial.failed(self._actor, text, Outcome.SILENCE, detail, started=begun)
        self._trial.passed(self._actor, text, started=begun)

    def sends_together(self, *messages: bytes) -> None:
        """Send several messages with one send(), so that one read may bring them all (they are coalesced).

        Raises ValueError for more than TOGETHER bytes, which might arrive in several reads.
        """
        joined = b"".join(messages)
        if len(joined) > TOGETHER:
            raise ValueError(f"{len(joined):,} bytes may arrive in several reads; at most {TOGETHER:,} go together")
        begun, text = self._trial.now(), f"sends {len(messages)} messages at once: {show(joined)}"
        self._has_sent(text, self._send(joined, reads_late=False), len(joined), begun)

    def floods(self, data: bytes) -> None:
        """Send as much of these bytes as the program takes, reading nothing, until it is at rest or all is sent.

        How much it takes is open, and so this step always passes; what the program then does is what is asked next.
        It begins when the program is at rest, and its memory is compared with what it is then.
        """
        begun, sent = self._trial.now(), 0
        self._trial.settle()
        self._trial.note_memory()
        instead: Outcome | None = None
        while instead is None and sent < len(data) and self._end is not Outcome.RESET:
            part, instead = self._push(data[sent : sent + CHUNK])
            sent += part
        self._sent += sent
        text = f"floods: sends up to {len(data):,} bytes {data[: expectations.SHOWN]!r} … and reads nothing"
        self._trial.passed(self._actor, text, started=begun)

    def echoes(self, *, pieces: int | None = None, buffers: int | None = None) -> None:
        """Send back what comes, as it comes (RFC 862), until the program ends its side.

        Nothing is read while something is still to be sent back. `pieces` is the size in bytes of what goes at a
        time, each when the program has read the one before; `buffers` makes both of this end's buffers so small
        that it soon stops reading when the program doesn't read.
        """
        begun, echoed = self._trial.now(), 0
        if buffers is not None:
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                _PLAIN.setsockopt(self._sock, socket.SOL_SOCKET, option, buffers)
        instead: Outcome | None = None
        while instead is None and self._end is None:
            instead = self._trial.wait(self._readable)
            if instead is None:
                self._read()
            while instead is None and self._inbox and self._end is not Outcome.RESET:
                sent, instead = self._push(bytes(self._inbox[:pieces]))
                del self._inbox[:sent]
                echoed += sent
                self._sent += sent
                if pieces:
                    self._trial.until_read(self.local, self._sent)
        text = "repeats what it reads, as it reads it, until the program ends its side"
        if self._end is Outcome.EOF and not self._inbox:
            self._trial.passed(self._actor, text, Outcome.EOF, started=begun)
            return
        outcome = self._why(instead or self._end or Outcome.SILENCE)
        detail = expectations.not_echoed(echoed, len(self._inbox), outcome)
        raise self._trial.failed(self._actor, text, outcome, detail, started=begun)

    def half_closes(self) -> None:
        """shutdown(SHUT_WR): the program reads end of file, and may still send (RFC 9293 §3.6)."""
        text = "half-closes: it will send no more, and still reads"
        self._act(text, lambda: self._sock.shutdown(socket.SHUT_WR))

    def closes(self) -> None:
        """close(): both directions."""
        self._act("closes the connection", self._sock.close)

    def resets(self) -> None:
        """Abort: SO_LINGER with no time, then close(), which sends RST instead of FIN (POSIX, socket(7)).

        It waits until the program has met it, so that what comes next does not depend on who is faster.
        """
        # two ints on POSIX; WinSock's struct linger holds two shorts
        linger = struct.pack("hh" if hasattr(socket, "SO_EXCLUSIVEADDRUSE") else "ii", 1, 0)

        def abort() -> None:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._sock.close()

        self._act("aborts: the program sees a reset (RST)", abort)
        self._trial.settle()

    def _act(self, text: str, action: Any) -> None:
        begun = self._trial.now()
        try:
            action()
        except OSError as error:
            outcome = self._why(Outcome.RESET)
            detail = f"The connection was gone already ({error.strerror})."
            raise self._trial.failed(self._actor, text, outcome, detail, started=begun) from None
        self._trial.passed(self._actor, text, started=begun)

    # -- expectations -------------------------------------------------------------------------------------------

    def expects(self, expected: bytes, *, reads: int | None = None) -> None:
        """Exactly these bytes come next; what comes after them is left for the next step.

        With `reads` this end reads slowly: at most so many bytes at a time, and each time only when the program is at
        rest, since its own buffer is full or it has sent all.
        """
        begun = self._trial.now()
        text = f"expects {show(expected)}" + (f", reading {reads:,} at a time" if reads else "")
        outcome = self._gather_slowly(len(expected), reads) if reads else self._gather(len(expected))
        received = bytes(self._inbox[: len(expected)])
        del self._inbox[: len(expected)]
        if received == expected:
            self._trial.passed(self._actor, text, Outcome.DATA, expected=expected, received=received, started=begun)
            return
        outcome = self._why(outcome)
        detail = expectations.difference(expected, received, outcome)
        raise self._trial.failed(
            self._actor, text, outcome, detail, expected=expected, received=received, started=begun
        )

    def expects_line(self, expected: bytes) -> None:
        """Exactly this line comes next, ended by CRLF."""
        self.expects(expected + b"\r\n")

    def receives(self, most: int = 65_536) -> bytes:
        """All that comes until the program closes its side, at most so many bytes; the step fails on any other end."""
        begun = self._trial.now()
        outcome = self._gather(most + 1)
        received = bytes(self._inbox)
        text = f"reads until the end, at most {most:,} bytes"
        if outcome is Outcome.EOF and len(received) <= most:
            self._inbox.clear()
            self._trial.passed(self._actor, text, Outcome.EOF, received=received, started=begun)
            return received
        outcome = self._why(outcome) if len(received) <= most else Outcome.DATA
        detail = expectations.no_end(received, outcome)
        raise self._trial.failed(self._actor, text, outcome, detail, received=received, started=begun)

    def expects_eof(self) -> None:
        """The program closes, or shuts down, its side, and sends nothing more before that."""
        self._expects_end(Outcome.EOF, "expects the end of file (the program closes its side)")

    def expects_reset(self) -> None:
        """The program aborts the connection."""
        self._expects_end(Outcome.RESET, "expects a reset")

    def _expects_end(self, wanted: Outcome, text: str) -> None:
        begun = self._trial.now()
        outcome = self._gather(1)
        received = bytes(self._inbox)
        went = None if received or outcome is not wanted else self._trial.after_end(self.local)
        if outcome is wanted and not received and went is not Outcome.CRASH:
            self._trial.passed(self._actor, text, outcome, started=begun)
            return
        outcome = Outcome.DATA if received else went or self._why(outcome)
        detail = expectations.wrong_end(wanted, received, outcome)
        raise self._trial.failed(self._actor, text, outcome, detail, received=received, started=begun)

    def expects_silence(self) -> None:
        """Nothing comes, and the connection stays open, while the program has done all it will do by itself."""
        begun = self._trial.now()
        text = "expects silence: nothing comes, and the connection stays open"
        outcome = self._trial.settle()
        if outcome is Outcome.SILENCE and not self._inbox and not self._readable(0):
            self._trial.passed(self._actor, text, outcome, started=begun)
            return
        if outcome not in (Outcome.CRASH, Outcome.EXIT, Outcome.SPINNING):
            outcome = self._gather(1)
        received = bytes(self._inbox)
        detail = expectations.not_silent(received, outcome)
        raise self._trial.failed(self._actor, text, outcome, detail, received=received, started=begun)

    # -- moving bytes -------------------------------------------------------------------------------------------

    def _readable(self, timeout: float) -> bool:
        return bool(self._inbox or self._end) or bool(select.select([self._sock], [], [], timeout)[0])

    def _gather(self, size: int) -> Outcome:
        """Read until so many bytes are in the inbox, or something else happens: DATA, or what happened instead.

        The socket tells only when all of them are there (SO_RCVLOWAT), so that one expectation is one recv, however
        fast or slow the program sends.
        """
        instead: Outcome | None = None
        while (missing := size - len(self._inbox)) > 0 and self._end is None:
            self._wake_at(missing)
            instead = self._trial.wait(lambda timeout: bool(select.select([self._sock], [], [], timeout)[0]))
            self._wake_at(1)
            some = instead is None or bool(select.select([self._sock], [], [], 0)[0])
            if some:
                self._read(missing)
            # Having read some, look again: more that was sent before may only now find room.
            if instead is not None and (not some or instead is Outcome.TIMEOUT):
                break
        if len(self._inbox) >= size:
            return Outcome.DATA
        return self._end or instead or Outcome.SILENCE

    def _gather_slowly(self, size: int, most: int) -> Outcome:
        """The same, reading at most `most` bytes at a time, whenever the program is at rest.

        A program that never comes to rest gets no such reader: the rest is read as it comes.
        """
        while (missing := size - len(self._inbox)) > 0 and self._end is None:
            state = self._trial.settle()
            if state in (Outcome.TIMEOUT, Outcome.SPINNING):
                return self._gather(size)
            if not select.select([self._sock], [], [], 0)[0]:
                return state
            self._read(min(most, missing))
        return Outcome.DATA if len(self._inbox) >= size else self._end or Outcome.SILENCE

    def _wake_at(self, size: int) -> None:
        with contextlib.suppress(OSError):  # WinSock has no such option, and reads what there is
            _PLAIN.setsockopt(self._sock, socket.SOL_SOCKET, socket.SO_RCVLOWAT, min(size, LOW_WATER))

    def _read(self, most: int = CHUNK) -> None:
        try:
            part = self._sock.recv(min(most, CHUNK))
        except BlockingIOError:
            return
        except OSError:
            self._end = Outcome.RESET
            return
        self._inbox += part
        if not part:
            self._end = Outcome.EOF

    def _send(self, data: bytes, reads_late: bool) -> int:
        """Send what the program takes; returns how many bytes it took before it stopped taking any.

        What comes back is read only when no more can be sent, and with `reads_late` only when the program waits, too.
        """
        sent, late = 0, reads_late
        while sent < len(data) and self._end is not Outcome.RESET:
            reads = [] if late or self._end else [self._sock]

            def ready(timeout: float, reads: list[socket.socket] = reads) -> bool:
                return any(select.select(reads, [self._sock], [], timeout)[:2])

            if self._trial.wait(ready, REPLY_SECONDS) is not None:
                if not late:
                    break
                late = False
            elif select.select([], [self._sock], [], 0)[1]:
                sent += self._send_some(data[sent : sent + CHUNK])
            else:
                self._read()
        if late:
            self._trial.settle()
        return sent

    def _push(self, data: bytes) -> tuple[int, Outcome | None]:
        """Send some of these bytes, reading nothing: how many went, and what happened if none could."""
        instead = self._trial.wait(lambda timeout: bool(select.select([], [self._sock], [], timeout)[1]))
        return (self._send_some(data), None) if instead is None else (0, instead)

    def _send_some(self, data: bytes) -> int:
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._end = Outcome.RESET
            return 0

    def _why(self, outcome: Outcome) -> Outcome:
        """The outcome, or the program's own end if that stands behind it."""
        if outcome in (Outcome.EOF, Outcome.RESET):
            state = self._trial.settle()
            return state if state in (Outcome.CRASH, Outcome.EXIT) else outcome
        return outcome

    def drop(self) -> None:
        """Close the socket at the end of a check; no step."""
        self._sock.close()


def _cut(data: bytes, pieces: Sequence[int] | int | None) -> list[int]:
    """The sizes of the pieces; they cover the data exactly, or ValueError says how they do not."""
    if pieces is None:
        return [len(data)]
    if isinstance(pieces, int):
        whole, rest = divmod(len(data), pieces)
        return [pieces] * whole + [rest] * bool(rest)
    if sum(pieces) > len(data) or any(size < 1 for size in pieces):
        raise ValueError(f"the pieces {list(pieces)} do not fit into {len(data)} bytes; each must be at least 1")
    rest = len(data) - sum(pieces)
    return [*pieces, *([rest] if rest else [])]
