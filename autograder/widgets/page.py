"""The page: one view of the stepper in words and as HTML.

Owns how a process, its sockets and the kernel's other rows are said. Must not know about buttons or processes; it is
given a view. Colours are JupyterLab's variables with fallbacks (see stepper.css), and nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograder.exchange import Address
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


def everything(view: View, party: Party, port: int) -> list[SocketView]:
    """One side's sockets, then the kernel's rows of it that belong to no descriptor; `port` is the server's."""
    alone = [one for one in view.others if (one.local is not None and one.local[1] == port) == (party == "server")]
    return [*view.of(party).sockets, *alone]


def named(one: SocketView) -> str:
    """What stands beside a socket's variable: its descriptor, or why it has none."""
    if one.variable:
        return f"descriptor {one.descriptor}"
    return "in the listener's queue" if one.state in ("ESTABLISHED", "CLOSE_WAIT") else "descriptor closed"


def means(one: SocketView, transport: str) -> str:
    """What a socket's state means, and what waits in its queues."""
    return " · ".join(filter(None, (meaning(one, transport), queues(one, transport))))


def text(view: View, port: int) -> str:
    """The view in lines, for terminals, paper and screen readers."""
    return "\n".join(line for party in PARTIES for line in _lines(view, party, port)) + "\n"


def _lines(view: View, party: Party, port: int) -> Iterator[str]:
    process = view.of(party)
    yield f"{party}: {doing(process)}"
    if not process.sockets:
        yield "  no open socket"
    for one in everything(view, party, port):
        said = [ends(one.local, one.remote), "" if one.variable else named(one), queues(one, view.transport)]
        descriptor = one.descriptor if one.variable else ""
        yield f"  {one.variable or '(kernel)':<9} {descriptor:>2}  {one.state:<12} {', '.join(filter(None, said))}"


def card(view: View, party: Party, port: int) -> str:
    """One process's sockets, and what the kernel holds besides for its side, as HTML."""
    none = "" if view.of(party).sockets else '<p class="none">no open socket</p>'
    return none + "".join(_tile(one, view.transport) for one in everything(view, party, port))


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
    kind = "tile" if one.variable else "tile alone"
    return (
        f'<div class="{kind}"><div class="line"><b class="mono">{escape(one.variable)}</b>'
        f'<span class="soft">{escape(named(one))}</span><span class="state">{escape(one.state)}</span></div>'
        f'<div class="mono where">{escape(ends(one.local, one.remote))}</div>'
        f'<div class="soft">{escape(meaning(one, transport))}{_waiting(one, transport)}</div></div>'
    )


def _waiting(one: SocketView, transport: str) -> str:
    waits = queues(one, transport)
    return f' <span class="queue">▤ {escape(waits)}</span>' if waits else ""
