"""The page: one view of the stepper in words and as HTML.

Owns how a process, its sockets and the kernel's other rows are said. Must not know about buttons or processes; it is
given a view. Colours are JupyterLab's variables with fallbacks (see stepper.css), and nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograder.exchange import Address
from autograder.kernel import KernelSocket
from autograder.widgets.flow import PARTIES, Party
from autograder.widgets.view import MEANS, ProcessView, SocketView, View
from autograder.words import quantity


def endpoint(address: Address | None) -> str:
    """An endpoint in one word: `127.0.0.1:5000`."""
    return f"{address[0]}:{address[1]}" if address else ""


def ends(local: Address | None, remote: Address | None) -> str:
    """A socket's own endpoint and its peer's, as far as it has them."""
    if local is None:
        return "no address yet"
    return f"{endpoint(local)} ⇄ {endpoint(remote)}" if remote else endpoint(local)


def queues(one: SocketView, transport: str) -> str:
    """What waits in a socket's queues, in words; "" if nothing does or nobody knows."""
    said = []
    if one.state == "LISTEN" and one.received:
        said.append(f"{quantity(one.received, 'connection')} in its queue")
    elif one.received:  # for UDP the kernel counts the memory it takes, which says little
        said.append(f"{quantity(one.received)} to read" if transport == "tcp" else "a datagram to read")
    if one.unsent:
        said.append(f"{quantity(one.unsent)} not acknowledged")
    return ", ".join(said)


def meaning(one: SocketView, transport: str) -> str:
    """What a socket's state means; in UDP a state says only whether the socket has a peer."""
    if transport == "tcp":
        return MEANS.get(one.state, "")
    return "a peer is named" if one.state == "ESTABLISHED" else "takes datagrams of everybody" * (one.local is not None)


def doing(process: ProcessView) -> str:
    """What a process does now."""
    return f"waits in {process.waits} …" if process.waits else "ready"


def others(view: View, party: Party, port: int) -> list[KernelSocket]:
    """The kernel's rows of one side that belong to no descriptor; `port` is the server's."""
    return [row for row in view.others if (row.local[1] == port) == (party == "server")]


def why_alone(row: KernelSocket, port: int) -> str:
    """Why a row of the kernel's has no descriptor."""
    waits = row.state in ("ESTABLISHED", "CLOSE_WAIT") and row.local[1] == port
    return "waits in the listener's queue" if waits else "descriptor closed"


def text(view: View, port: int) -> str:
    """The view in lines, for terminals, paper and screen readers."""
    return "\n".join(line for party in PARTIES for line in _lines(view, party, port)) + "\n"


def _lines(view: View, party: Party, port: int) -> Iterator[str]:
    process = view.of(party)
    yield f"{party}: {doing(process)}"
    for one in process.sockets:
        waits = queues(one, view.transport)
        where = ends(one.local, one.remote)
        yield f"  {one.variable:<9} {one.descriptor:>2}  {one.state:<12} {where}{', ' * bool(waits)}{waits}"
    if not process.sockets:
        yield "  no open socket"
    for row in others(view, party, port):
        yield f"  {'(kernel)':<9} {'':>2}  {row.state:<12} {ends(row.local, row.remote)}, {why_alone(row, port)}"


def card(view: View, party: Party, port: int) -> str:
    """One process's sockets, and what the kernel holds besides for its side, as HTML."""
    tiles = [_tile(one, view.transport) for one in view.of(party).sockets] or ['<p class="none">no open socket</p>']
    tiles += [
        _drawn(why_alone(row, port), row.state, ends(row.local, row.remote), MEANS.get(row.state, ""), "", "alone")
        for row in others(view, party, port)
    ]
    return "".join(tiles)


def heading(process: ProcessView) -> str:
    """One process's name, number and what it does, as HTML."""
    number = f"process {process.number}" if process.number else "a process"
    kind = "waiting" if process.waits else "ready"
    mark = "○" if process.waits else "●"
    return (
        f'<h4>{process.party} <span class="soft">{number}</span>'
        f' <span class="doing {kind}">{mark} {escape(doing(process))}</span></h4>'
    )


def _tile(one: SocketView, transport: str) -> str:
    waits = queues(one, transport)
    return _drawn(
        f'<b class="mono">{escape(one.variable)}</b> <span class="soft">descriptor {one.descriptor}</span>',
        one.state,
        ends(one.local, one.remote),
        meaning(one, transport),
        f'<span class="queue">▤ {escape(waits)}</span>' if waits else "",
    )


def _drawn(name: str, state: str, where: str, means: str, waits: str, kind: str = "") -> str:
    return (
        f'<div class="tile {kind}"><div class="line"><span>{name}</span>'
        f'<span class="state">{escape(state)}</span></div>'
        f'<div class="mono where">{escape(where)}</div>'
        f'<div class="soft">{escape(means)}{" · " if waits and means else ""}{waits}</div></div>'
    )
