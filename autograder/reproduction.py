"""A reproduction: the commands by which a student meets the same behaviour without this course's checks.

Owns the spelling of commands (POSIX sh, printf, head, nc, and Python where nc cannot) from what the reference side
did. Must not know how they are shown, and runs nothing. A command is never wrong: what cannot be spelled is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from autograder import names, scripts
from autograder.exchange import Address, Call, Exchange
from autograder.scripts import Manner
from autograder.words import printable, quantity

PORT = 7007
"""The port in every command; it is above 1023, so no one needs to be root."""

SPELLED = 400
"""The most bytes that a command spells out; more of them are zeros."""

PIECES = 4
"""The most pieces that are sent one by one."""

CLIENTS = 3
"""The most clients that get a command each."""

ECHOES = "repeats what it reads"
"""How the text of a step begins in which the reference server is an echo server (see `connection`)."""

PORT_KEPT = "expects that a second copy of the program"
"""How the text of a step begins in which the program is started twice (see `meeting`)."""

MANNERS = {
    "receive_buffer": re.compile(r", with a receive buffer of ([0-9,]+) bytes$"),
    "reads": re.compile(r", reading ([0-9,]+) at a time$"),
    "floods": re.compile(r"^floods: sends up to ([0-9,]+) bytes "),
}
"""How the texts of steps say what a client does that nc does not (see `client` and `connection`)."""

EVENTS = 30
"""The most datagrams that a command receives and sends one by one."""

LOCALHOST = "localhost"
"""What stands for a check's own host name: on most systems it leads to ::1 and 127.0.0.1."""

FULL = (1,)
"""What a reference server listens with that answers nobody (see `peers.full`); others leave it to Python."""

ZEROS = re.compile(r"bytes\(([0-9]+)\)")
"""An argument of which the history only knows how many bytes it has."""

SPEAKS = frozenset({"connect", "connect_ex", "send", "sendall", "sendto", "sendmsg", "shutdown"})

_PLAIN = frozenset(b' !#$&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"')
_SHORT = {ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t", ord("\\"): r"\\", ord("%"): "%%"}


@dataclass(frozen=True)
class Command:
    """One command and the terminal it belongs in, counted from 1."""

    terminal: int
    text: str


@dataclass(frozen=True)
class Conversation:
    """What one reference socket did: the payloads it sent, and how it ended its side."""

    payloads: tuple[bytes, ...]
    size: int
    host: str
    half_closes: bool
    closes: bool
    aborts: bool
    began: float
    ended: float | None
    sizes: tuple[int, ...]
    manner: Manner

    @property
    def whole(self) -> bool:
        """Whether every byte sent is known and few enough to be spelled out."""
        return self.size == sum(map(len, self.payloads)) <= SPELLED and not self.manner.floods

    @property
    def pattern(self) -> str:
        """All that was sent as a short Python expression, as far as its beginning tells; "" if it tells nothing."""
        start = self.payloads[0] if self.payloads else b""
        return "" if self.whole else scripts.continued(start, self.manner.floods or self.size)

    @property
    def zeros(self) -> int:
        """How many bytes a command sends as zeros, not knowing them."""
        return 0 if self.whole or self.pattern else max(self.size, self.manner.floods)


def reproduction(exchange: Exchange) -> tuple[tuple[Command, ...], str]:
    """The commands in the order to give them, and a note to read with them; none where no socket is involved."""
    if exchange.transport == "none" or exchange.role == "function" or exchange.ports:  # no word for a list of ports
        return (), ""
    program, conversations = _program(exchange), _conversations(exchange)
    failed = exchange.failed_step
    if failed is not None and failed.text.startswith(PORT_KEPT):
        commands, conversations = [Command(1, program), Command(2, program)], []
    elif exchange.role == "client":
        server, conversations = _serving(exchange, conversations)
        commands = [Command(number, text) for number, text in enumerate(filter(None, (server, program)), 1)]
    else:
        commands = [Command(1, program), *_clients(conversations, exchange.transport == "udp")]
    if _uses(exchange, PORT):  # then that is not where the other side may be
        commands = [Command(one.terminal, one.text.replace(str(PORT), str(PORT + 1))) for one in commands]
    return tuple(commands), _note(exchange, conversations, [command.text for command in commands])


def _uses(exchange: Exchange, port: int) -> bool:
    """Whether the program names this port itself."""
    named = (call.arguments[-1] for call in exchange.by("student", "bind", "connect", "connect_ex") if call.arguments)
    return any(str(address).endswith(f", {port})") for address in named) and (exchange.given or ("", 0))[1] != port


def _serving(exchange: Exchange, conversations: list[Conversation]) -> tuple[str, list[Conversation]]:
    """The command for the server that a client meets ("" where there is none), and what it says to it."""
    host, udp = _listening(exchange), exchange.transport == "udp"
    own = [
        call for call in exchange.by("reference") if exchange.given and (call.local or ("", 0))[1] == exchange.given[1]
    ]
    names_of = [call.name for call in own]
    if "bind" in names_of and "close" in names_of and not {*names_of} & {"listen", "accept", "recvfrom", "sendto"}:
        return "", []
    if any(call.name == "listen" and call.arguments == FULL for call in own):
        return scripts.full_server(host, PORT), []
    if any(step.text.startswith(ECHOES) for step in exchange.steps):
        many = any(map(ZEROS.fullmatch, exchange.arguments))
        return scripts.echo_server(host, PORT, piece=_piece(exchange), small=many), []
    if udp and (scripted := _datagram_server(exchange, host)):
        return scripted, conversations
    return _server(next((c for c in conversations if c.payloads or c.closes), None), host, udp), conversations


def _listening(exchange: Exchange) -> str:
    """Where the server is that a client meets: not where a name leads that only the check knows."""
    given = exchange.given
    bound = (call.local for call in exchange.by("reference", "bind") if call.local and given)
    return next((local[0] for local in bound if given and local[1] == given[1]), _reachable(given))


def _program(exchange: Exchange) -> str:
    """The command that runs the student's function with the arguments of the check."""
    host = exchange.given[0] if exchange.given else "127.0.0.1"
    host = LOCALHOST if host == names.PEER else host
    words = [quoted(printable(exchange.function)), quoted(host), str(PORT), *map(_word, exchange.arguments)]
    return " ".join(["autograder run NOTEBOOK", *words])


UNKNOWN = "ARGUMENT"
"""What stands for an argument that the command line has no word for."""


def _word(told: str) -> str:
    """An argument, spelled by Python, as a word that `autograder run` takes for the same."""
    if ZEROS.fullmatch(told):
        return quoted(told)
    try:
        value = ast.literal_eval(told)
    except (SyntaxError, ValueError):  # "…", or the repr of an object
        return UNKNOWN
    if isinstance(value, bytes):
        return _literal(value)
    if type(value) is int or (type(value) is float and re.fullmatch(r"[0-9]+\.[0-9]+", told)):
        return told
    plain = isinstance(value, str) and not re.match(r"[+-]?[0-9]+(\.[0-9]+)?$|b['\"]|bytes\(|-", value)
    return quoted(value) if plain and printable(value) == value else UNKNOWN


def printf(data: bytes) -> str:
    """A printf command whose output is exactly these bytes, in every POSIX shell."""
    text = "".join(_spelled(byte) for byte in data)
    return "printf '" + (f"\\055{text[1:]}" if text.startswith("-") else text) + "'"  # else it would be an option


def _spelled(byte: int) -> str:
    return chr(byte) if byte in _PLAIN else _SHORT.get(byte, f"\\{byte:03o}")


def _literal(data: bytes) -> str:
    """Bytes as Python writes them, between double quotes for sh; what means something to sh there is escaped."""
    plain = _PLAIN.difference(b'"$`!') | {ord("%")}
    escapes = {ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t"}
    return '"b' + "'" + "".join(chr(b) if b in plain else escapes.get(b, f"\\x{b:02x}") for b in data) + "'" + '"'


def quoted(word: str) -> str:
    """A word as sh takes it literally."""
    plain = word and all(character.isascii() and (character.isalnum() or character in "._:-/") for character in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"


def _conversations(exchange: Exchange) -> list[Conversation]:
    """What each reference socket that speaks did, in the order they were made."""
    found: dict[tuple[int, int], list[Call]] = {}
    for call in exchange.by("reference"):
        found.setdefault((call.process, call.socket), []).append(call)
    speaking = [calls for calls in found.values() if any(c.name in SPEAKS for c in calls)]
    return [_conversation(calls, exchange, _manner(exchange, number)) for number, calls in enumerate(speaking, 1)]


def _manner(exchange: Exchange, number: int) -> Manner:
    """How this client, counted from 1 in the order in which they connect, behaved by what its steps say."""
    actor = "client" if number == 1 else f"client {number}"
    texts = [step.text for step in exchange.steps if step.actor == actor]
    told = {
        name: max((int(found[1].replace(",", "")) for text in texts if (found := words.search(text))), default=0)
        for name, words in MANNERS.items()
    }
    return Manner(**told)


def _conversation(calls: Sequence[Call], exchange: Exchange, manner: Manner) -> Conversation:
    sends = [call for call in calls if call.name.startswith("send") and not call.failed]
    remote = next((call.remote for call in calls if call.remote), exchange.given)
    ends = [call.started for call in calls if call.name == "close"]
    return Conversation(
        payloads=tuple(call.data for call in sends),
        size=sum(call.size for call in sends),
        host=_reachable(remote),
        half_closes=any(call.name == "shutdown" for call in calls),
        closes=any(call.name in ("shutdown", "close") for call in calls),
        aborts=any("SO_LINGER" in call.arguments for call in calls),
        began=calls[0].started,
        ended=ends[0] if ends else None,
        sizes=tuple(call.size for call in sends),
        manner=manner,
    )


def _reachable(address: Address | None) -> str:
    """A host to connect to; the wildcard is reached at loopback."""
    host = address[0] if address else "127.0.0.1"
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _clients(conversations: Sequence[Conversation], udp: bool) -> list[Command]:
    """A command for each of the last clients: in the same terminal those that came one after another."""
    told = [(_client(conversation, udp), conversation) for conversation in conversations]
    runs = [(text, [c for _, c in group]) for text, group in groupby(told, key=lambda pair: pair[0])]
    commands: list[Command] = []
    terminal, before = 2, None
    for text, group in runs[-CLIENTS:]:
        if before is not None and (before.ended is None or before.ended > group[0].began):
            terminal += 1
        in_turn = all(one.ended is not None and one.ended <= other.began for one, other in pairwise(group))
        if len(group) > 1 and in_turn:
            commands.append(Command(terminal, f"for i in $(seq {len(group)}); do {text}; done"))
        else:
            commands += [Command(terminal + number, text) for number in range(min(len(group), CLIENTS))]
            terminal = commands[-1].terminal
        before = group[-1]
    return commands


def _client(conversation: Conversation, udp: bool) -> str:
    """A client with nc, or with Python where it resets or sends what nc cannot."""
    c = conversation
    if udp:
        if c.whole and all(c.payloads) and len(c.payloads) <= PIECES:
            return f"{_input(c)} | nc -u -w 2 {c.host} {PORT}"
        return scripts.datagram_client(c.host, PORT, _datagrams(c))
    payload = _payload(c) if c.size else ""
    if c.aborts:
        return scripts.resetting_client(c.host, PORT, payload, half_closes=c.half_closes)
    if c.manner != Manner():
        return scripts.mannered_client(c.host, PORT, payload, c.manner, half_closes=c.half_closes)
    if not c.payloads:
        return f"nc -N {c.host} {PORT} </dev/null" if c.half_closes else f"nc {c.host} {PORT}"
    return f"{_input(c)} | nc {'-N ' if c.half_closes else ''}{c.host} {PORT}"


def _datagrams(conversation: Conversation) -> list[str]:
    """Each datagram as Python writes it, all of zeros where they are too many bytes to spell out."""
    c = conversation
    return [repr(data) if c.whole else f"bytes({size})" for data, size in zip(c.payloads, c.sizes, strict=True)]


def _datagram_server(exchange: Exchange, host: str) -> str:
    """A server that does in turn what the reference did, where that is more than one answer to one question.

    "" where that is too much to spell out, or so little that nc does it.
    """
    calls = [call for call in exchange.by("reference", "recvfrom", "sendto") if not call.failed and not call.blocked]
    given = exchange.given
    strange = [given is not None and call.local is not None and call.local[1] != given[1] for call in calls]
    simple = [call.name for call in calls] in (["recvfrom"], ["recvfrom", "sendto"], ["sendto"], [])
    if (simple and not any(strange)) or len(calls) > EVENTS:
        return ""
    events = [None if call.name == "recvfrom" else _spelled_datagram(call) for call in calls]
    return scripts.datagram_server(host, PORT, events, strange)


def _spelled_datagram(call: Call) -> str:
    return repr(call.data) if call.size == len(call.data) <= SPELLED else f"bytes({call.size})"


def _payload(conversation: Conversation) -> str:
    c = conversation
    return repr(b"".join(c.payloads)) if c.whole else c.pattern or f"bytes({c.manner.floods or c.size})"


def _input(conversation: Conversation) -> str:
    """A command that writes what was sent, piece by piece where it was sent so."""
    c = conversation
    if c.pattern and not c.pattern.startswith("bytes("):
        return scripts.python(f"import sys; sys.stdout.buffer.write({c.pattern})")
    if not c.whole:
        return f"head -c {c.size} /dev/zero"
    joined = len(c.payloads) - PIECES + 1  # of more pieces the first ones go together
    pieces = [b"".join(c.payloads[:joined]), *c.payloads[joined:]] if joined > 1 else c.payloads
    if len(pieces) > 1:
        return "(" + "; sleep 1; ".join(printf(data) for data in pieces) + ")"
    return printf(b"".join(pieces))


def _server(peer: Conversation | None, host: str, udp: bool) -> str:
    """A server for one client: with nc, or with Python where it sends in pieces (nc would not wait for the client)."""
    if peer is None:
        return f"nc {'-u ' if udp else ''}-l {host} {PORT}"
    if not udp and (peer.aborts or (peer.whole and len(peer.payloads) > 1)):
        sends = ", ".join(repr(data) for data in peer.payloads) if peer.whole else f"bytes({peer.size})"
        return scripts.server(host, PORT, sends, aborts=peer.aborts)
    options = "-u " if udp else "-N " if peer.closes else ""
    return (f"{_input(peer)} | " if peer.payloads else "") + f"nc {options}-l {host} {PORT}"


def _piece(exchange: Exchange) -> int:
    """How many bytes the reference sent back at a time, where it kept some back on purpose; else 0."""
    kept = 0
    for call in exchange.by("reference", "recv", "send"):
        if call.name == "send" and 0 < call.offered < kept:
            return call.offered
        kept += call.size if call.name == "recv" else -call.size
    return 0


def _note(exchange: Exchange, conversations: Sequence[Conversation], commands: Sequence[str]) -> str:
    notes = []
    sizes = [int(zeros[1]) for told in exchange.arguments if (zeros := ZEROS.fullmatch(told))]
    size = max([*sizes, *(c.zeros for c in conversations)], default=0)
    if size:
        notes.append(f"The bytes are zeros here, as many as in the check ({quantity(size)}).")
    if any(f" {LOCALHOST} " in command for command in commands):
        notes.append(f"The name {names.PEER} exists in the check only; {LOCALHOST} stands for it here.")
    if any(c.manner.floods for c in conversations):
        notes.append("The client that reads nothing may wait for ever: stop it with Ctrl-C.")
    if any("nc -N" in command for command in commands):
        notes.append("-N lets nc close its side after its input; macOS's nc does that without it.")
    if any("nc " in c and "-N" not in c and "-u" not in c and "-l" not in c for c in commands):
        notes.append("Stop nc with Ctrl-C.")
    if any(command.endswith(UNKNOWN) or f" {UNKNOWN} " in command for command in commands):
        notes.append(f"Put what the check gives your function in the place of {UNKNOWN}.")
    return " ".join(notes)
