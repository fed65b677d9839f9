"""The recorder: it takes what both sides report, as it happens, and freezes it into a history.

Owns the order of events and what follows from them about the program at once (it listens, it crashed, it spins).
Must not start, stop or talk to anything. Reports come as `calls` and `entry` write them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from autograder.exchange import Address, Call, Side
from autograder.program import line

EMPTY_READS = 200
"""So many reads in a row that return b'' on one socket are spinning: end of file was told, and not understood."""


def _address(value: Any) -> Address | None:
    return (str(value[0]), int(value[1])) if value else None


class Recorder:
    """Collects the reports of one check, from any thread."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._changed = threading.Condition()
        self._calls: list[dict[str, Any]] = []
        self._open: dict[tuple[Side, int, int], dict[str, Any]] = {}
        self._empty: dict[tuple[int, int], int] = {}
        self._read: dict[Address | None, int] = {}
        self._closed: set[Address | None] = set()
        self.ready_at: Address | None = None
        self.listened = 0
        """How often the program has begun to listen."""
        self.processes: list[int] = []
        self.ended: dict[str, Any] | None = None
        self.part_crashed: dict[str, Any] | None = None
        self.spinning = False

    def now(self) -> float:
        """Seconds since the recording began."""
        return time.monotonic() - self._began

    def forget_program(self) -> None:
        """Make ready for the program's next start: its calls stay, its end and its address do not."""
        with self._changed:
            self.ready_at, self.ended, self.spinning = None, None, False
            self.processes, self.part_crashed = [], None
            for record in self._open.values():
                if record["side"] == "student":
                    record.update(t1=time.monotonic(), error="killed")
            self._open = {key: record for key, record in self._open.items() if key[0] == "reference"}
            self._empty.clear()

    def forget_calls(self) -> None:
        """Begin the history again: what was recorded so far was a start that does not count."""
        with self._changed:
            self._calls.clear()
            self._open.clear()

    def forget_socket(self, process: int, number: int) -> None:
        """Leave out what one of the reference side's sockets did: it had to be done again."""
        with self._changed:
            self._calls = [
                record
                for record in self._calls
                if (record["side"], record["pid"], record["s"]) != ("reference", process, number)
            ]

    @property
    def count(self) -> int:
        """How many calls have been reported."""
        return len(self._calls)

    @property
    def gone(self) -> bool:
        """Whether the program said that it is over: it crashed or exits. (Threads may go on after a return.)"""
        return self.ended is not None and self.ended["e"] != "return"

    def wait(self, true: Callable[[], bool], seconds: float) -> bool:
        """Sleep until a report makes the condition true, at most so many seconds; returns whether it is."""
        with self._changed:
            return self._changed.wait_for(true, seconds)

    def take(self, side: Side, report: Mapping[str, Any]) -> None:
        """Note one report."""
        with self._changed:
            kind = report["e"]
            if side == "student" and self.spinning:
                return  # the history ends where the spinning was seen, however fast the program is
            if kind == "call":
                self._take_call(side, dict(report))
            elif kind == "end":
                self._take_end(side, report)
            elif kind in ("start", "fork"):
                self.processes.append(report["pid"])
            elif kind in ("crash", "return", "exit") and [report["pid"]] == self.processes[:1]:
                self.ended = dict(report)
            elif kind in ("crash", "thread crash"):
                self.part_crashed = self.part_crashed or dict(report)
            self._changed.notify_all()

    def _take_call(self, side: Side, record: dict[str, Any]) -> None:
        record["side"], record["offered"] = side, record.get("size", 0)
        self._calls.append(record)
        if "t1" not in record:
            self._open[side, record["pid"], record["n"]] = record
        elif side == "student" and not record.get("error"):
            stream = record["type"] == "SOCK_STREAM"
            self.listened += record["name"] == "listen"
            if record["name"] == ("listen" if stream else "bind") and record["family"] != "AF_UNIX":
                self.ready_at = self.ready_at or _address(record["local"]) or ("", 0)

    def _take_end(self, side: Side, report: Mapping[str, Any]) -> None:
        record = self._open.pop((side, report["pid"], report["n"]), None)
        if record is None:
            return
        record.update({key: value for key, value in report.items() if key not in ("e", "n", "pid")})
        if side == "student" and record["name"] == "close":
            self._closed.add(_address(record["remote"]))
        if side == "student" and record["name"] in ("recv", "recv_into") and record["type"] == "SOCK_STREAM":
            client = _address(record["remote"])
            self._read[client] = self._read.get(client, 0) + record.get("size", 0)
            self._count_empty_reads(record)

    def _count_empty_reads(self, record: dict[str, Any]) -> None:
        key = record["pid"], record["s"]
        empty = not record.get("error") and not record.get("size") and 0 not in record["args"][:1]
        self._empty[key] = self._empty.get(key, 0) + 1 if empty else 0
        self.spinning = self.spinning or self._empty[key] >= EMPTY_READS

    def bytes_read(self, client: Address) -> int:
        """How many bytes the program has read from this client, by its own account."""
        return self._read.get(client, 0)

    def reads(self, client: Address) -> bool:
        """Whether the program is in a read of its connection with this client."""
        return any(
            side == "student" and record["name"] in ("recv", "recv_into") and _address(record["remote"]) == client
            for (side, _, _), record in self._open.items()
        )

    def has_closed(self, client: Address) -> bool:
        """Whether the program has closed its connection with this client."""
        return client in self._closed

    def explains_end(self, client: Address | None) -> bool:
        """Whether the program itself closed or shut down its connection with this client (a call says so)."""
        with self._changed:
            return any(
                record["side"] == "student"
                and record["name"] in ("close", "shutdown", "detach")
                and client is not None
                and _address(record["remote"]) == client
                for record in self._calls
            )

    def history(self) -> tuple[Call, ...]:
        """Every call so far, in the order they began."""
        with self._changed:
            records = [dict(record) for record in self._calls]
        records.sort(key=lambda record: record["t"])  # two processes report, over two ways
        return tuple(self._call(record) for record in records)

    def _call(self, record: dict[str, Any]) -> Call:
        ended, name = record.get("t1"), record["name"]
        if record["side"] == "reference" and name == "connect_ex":  # how a client of ours connects is its own affair
            name = "connect"
        return Call(
            side=record["side"],
            name=name,
            process=record["pid"],
            socket=record["s"],
            descriptor=record["fd"],
            started=record["t"] - self._began,
            ended=None if ended is None else ended - self._began,
            arguments=tuple(record["args"]),
            result=record.get("result") if name == record["name"] else None,
            error=record.get("error", ""),
            message=record.get("message", ""),
            size=record.get("size", 0),
            offered=record["offered"],
            data=bytes.fromhex(record.get("data", "")),
            family=record["family"],
            type=record["type"],
            local=_address(record.get("mlocal") or record.get("local")),
            remote=_address(record.get("mremote") or record.get("remote")),
            made=record.get("made"),
            thread=record["tid"],
            line=line(record["line"]) if record["side"] == "student" else None,
            blocking=record["wait"] != 0,
        )


class ReferenceReports:
    """Takes the reference side's reports straight into a recorder; it stands where the child has a `Reporter`."""

    def __init__(self, recorder: Recorder, process: int) -> None:
        self._recorder, self._process = recorder, process

    def __call__(self, report: dict[str, Any]) -> None:
        """Note one report of the reference side."""
        self._recorder.take("reference", report | {"pid": self._process})

    def wanted(self, name: str) -> bool:
        """The reference side is always told in full."""
        return True
