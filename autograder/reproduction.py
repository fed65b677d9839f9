"""A reproduction: the commands by which a student meets the same behaviour without this course's tools.

Owns the spelling of shell commands (POSIX sh, printf, head, nc) from what the reference side did. Must not know how
they are shown, and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.exchange import Address, Call, Exchange
from autograder.words import quantity

PORT = 7007
"""The port in every command; it is above 1023, so no one needs to be root."""

SPELLED = 400
"""The most bytes that a command spells out; more of them are zeros from /dev/zero."""

PIECES = 4
"""The most pieces that are sent one by one."""

TERMINALS = 3
"""The most clients that get a terminal each."""

_PLAIN = frozenset(b" !#$&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~")
_SHORT = {ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t", ord("\\"): r"\\", ord("%"): "%%"}


@dataclass(frozen=True)
class Command:
    """One command and the terminal it belongs in, counted from 1."""

    terminal: int
    text: str


def reproduction(exchange: Exchange) -> tuple[tuple[Command, ...], str]:
    """The commands in the order to give them, and a note on what to look for; no commands where no socket is involved."""
    if exchange.transport == "none" or exchange.role == "function":
        return (), ""
    host = exchange.given[0] if exchange.given else "127.0.0.1"
    program = f"autograder run NOTEBOOK {exchange.function} {quoted(host)} {PORT}"
    conversations = _conversations(exchange)
    if exchange.role == "client":
        commands = [Command(1, _listening(exchange, conversations)), Command(2, program)]
    else:
        commands = [Command(1, program)]
        for number, calls in enumerate(conversations[-TERMINALS:], 2):
            commands.append(Command(number, _talking(exchange, calls)))
    return tuple(commands), _note(exchange, conversations)


def printf(data: bytes) -> str:
    """A printf command whose output is exactly these bytes, in every POSIX shell."""
    return f"printf '{''.join(_spelled(byte) for byte in data)}'"


def _spelled(byte: int) -> str:
    if byte in _PLAIN:
        return chr(byte)
    return _SHORT.get(byte, f"\\{byte:03o}")


def quoted(word: str) -> str:
    """A word as sh takes it literally."""
    plain = word and all(character.isalnum() or character in "._:-/" for character in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"


def _conversations(exchange: Exchange) -> list[list[Call]]:
    """The calls of each reference socket that connected, was accepted or sent, in the order they were made."""
    found: dict[tuple[int, int], list[Call]] = {}
    for call in exchange.by("reference"):
        found.setdefault((call.process, call.socket), []).append(call)
    speaks = ("connect", "connect_ex", "send", "sendall", "sendto", "sendmsg", "shutdown")
    return [calls for calls in found.values() if any(call.name in speaks for call in calls)]


def _sends(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if call.name.startswith("send") and not call.failed]


def _input(calls: Sequence[Call]) -> str:
    """A command that writes what was sent, piece by piece where it was sent so."""
    sends = _sends(calls)
    total = sum(call.size for call in sends)
    if not sends:
        return ""
    if total > SPELLED or any(len(call.data) < call.size for call in sends):
        return f"head -c {total} /dev/zero"
    if 1 < len(sends) <= PIECES:
        return "(" + "; sleep 1; ".join(printf(call.data) for call in sends) + ")"
    return printf(b"".join(call.data for call in sends))


def _talking(exchange: Exchange, calls: Sequence[Call]) -> str:
    """A client with nc."""
    host = _reachable(next((call.remote for call in calls if call.remote), exchange.given))
    if _aborts(calls):
        return _resetting(host, b"".join(call.data for call in _sends(calls)))
    if exchange.transport == "udp":
        options = "-u "
    else:
        options = "-N " if any(call.name == "shutdown" for call in calls) else ""
    source = _input(calls)
    return (f"{source} | " if source else "") + f"nc {options}{host} {PORT}"


def _aborts(calls: Sequence[Call]) -> bool:
    return any("SO_LINGER" in call.arguments for call in calls)


def _resetting(host: str, data: bytes) -> str:
    """A client that resets, which nc cannot: lingering for no time turns close into RST."""
    send = f"s.sendall({data!r}); " if data else ""
    script = (
        f"import socket, struct; s = socket.create_connection(('{host}', {PORT})); {send}"
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()"
    )
    escaped = script.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'python3 -c "{escaped}"'


def _listening(exchange: Exchange, conversations: Sequence[Sequence[Call]]) -> str:
    """A server with nc, which answers the first client with what the reference server sent."""
    udp = exchange.transport == "udp"
    calls = next((calls for calls in conversations if _sends(calls)), [])
    source = _input(calls)
    closes = any(call.name in ("shutdown", "close") for call in calls) and not udp
    options = "-u " if udp else "-N " if closes else ""
    return (f"{source} | " if source else "") + f"nc {options}-l {_reachable(exchange.given)} {PORT}"


def _reachable(address: Address | None) -> str:
    """A host to connect to; the wildcard is reached at loopback."""
    host = address[0] if address else "127.0.0.1"
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _note(exchange: Exchange, conversations: Sequence[Sequence[Call]]) -> str:
    calls = [call for conversation in conversations for call in conversation]
    notes = []
    total = sum(call.size for call in _sends(calls))
    if total > SPELLED or any(len(call.data) < call.size for call in _sends(calls)):
        notes.append(f"The bytes are zeros here, as many as in the check ({quantity(total)}).")
    if exchange.transport == "tcp" and any(call.name == "shutdown" for call in calls) and not _aborts(calls):
        notes.append("-N makes nc half-close after its input; macOS's nc does that without it.")
    if exchange.role == "server" and len(conversations) > TERMINALS:
        notes.append(f"The check had {len(conversations)} clients; these are its last {TERMINALS}.")
    return " ".join(notes)
