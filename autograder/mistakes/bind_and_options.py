"""Mistakes with bind and with socket options: 15 to 21, and 62."""

from __future__ import annotations

from autograder.exchange import Call, Outcome
from autograder.mistakes.detector import Strength, detects
from autograder.mistakes.lives import Life
from autograder.mistakes.reading import WILDCARDS, Reading, endpoint

LOOPBACK = ("127.0.0.1", "localhost", "::1")

PRIVILEGED = 1024
"""Ports below this one are the system's (Linux, ip(7): ip_unprivileged_port_start)."""


def _address_in_use(reading: Reading) -> Life | None:
    """The socket whose bind to the given port failed, if no other socket of the same process holds that port.

    Only a TCP server that was started a second time finds its own port still kept by the first one's connections.
    """
    given = reading.exchange.given
    if not reading.server or not reading.restarted:
        return None
    for life in (one for one in reading.lives if one.stream):
        failed = [call for call in life.tried("bind") if call.error == "EADDRINUSE"]
        place = endpoint(failed[-1]) if failed else None
        if given is None or place is None or place[1] != given[1]:
            continue
        others = [other for other in reading.lives if other.did("bind") and other.closed is None]
        return life if not any(other.calls[0].process == life.calls[0].process for other in others) else None
    return None


def _sets_late(reading: Reading) -> bool:
    """Whether any socket, in any of the program's starts, was bound first and given SO_REUSEADDR then."""
    option = "SO_REUSEADDR"
    return any(
        life.did("bind") and life.sets(option) and not life.sets(option, before="bind") for life in reading.past_lives
    )


@detects(15, Strength.PROVED)
def no_reuse(reading: Reading) -> str | None:
    """bind fails with EADDRINUSE on a socket that was never given SO_REUSEADDR."""
    life = _address_in_use(reading)
    if life is None or life.sets("SO_REUSEADDR") or life.sets("SO_REUSEPORT") or _sets_late(reading):
        return None
    return "bind failed with EADDRINUSE (address already in use), and SO_REUSEADDR had not been set on the socket."


@detects(16, Strength.PROVED)
def option_after_bind(reading: Reading) -> str | None:
    """bind fails with EADDRINUSE, and SO_REUSEADDR is set only after bind."""
    life = _address_in_use(reading)
    if life is None or life.sets("SO_REUSEADDR", before="bind") or not _sets_late(reading):
        return None
    return "SO_REUSEADDR was set after bind, and when the program started again bind failed with EADDRINUSE."


@detects(17, Strength.SHOWN)
def second_copy(reading: Reading) -> str | None:
    """A second copy of the server took the port that the first one, with SO_REUSEPORT, listens at."""
    shares = any(life.did("bind") and life.sets("SO_REUSEPORT") for life in reading.lives)
    if not reading.wanted_port_kept or reading.failed.outcome is not Outcome.DONE or not shares:
        return None
    return "SO_REUSEPORT was set, and so a second copy of your program could listen at the same port."


@detects(17, Strength.PROVED)
def reuse_port(reading: Reading) -> str | None:
    """bind fails with EADDRINUSE on a socket with SO_REUSEPORT in SO_REUSEADDR's place."""
    life = _address_in_use(reading)
    if life is None or life.sets("SO_REUSEADDR") or not life.sets("SO_REUSEPORT"):
        return None
    return "SO_REUSEPORT was set where SO_REUSEADDR is meant, and bind failed with EADDRINUSE."


def _bound_host(reading: Reading) -> tuple[Call, str] | None:
    """The listener's bind and the host it was given."""
    binds = reading.listener.did("bind") if reading.listener is not None else ()
    place = endpoint(binds[-1]) if binds else None
    return (binds[-1], place[0]) if place is not None else None


@detects(18, Strength.SHOWN)
def loopback_only(reading: Reading) -> str | None:
    """Every address was asked, loopback was bound, and a client at another address was refused."""
    bound, given = _bound_host(reading), reading.exchange.given
    if bound is None or given is None or given[0] not in WILDCARDS or bound[1] not in LOOPBACK:
        return None
    if reading.failed.outcome is not Outcome.REFUSED:
        return None
    return f"Your function was given host {given[0]!r}, every address, and bind was called with {bound[1]!r} alone."


@detects(19, Strength.SHOWN)
def wildcard(reading: Reading) -> str | None:
    """One address was asked, every address was bound, and a client that should be refused got in."""
    bound, given = _bound_host(reading), reading.exchange.given
    if bound is None or given is None or given[0] in WILDCARDS or bound[1] not in WILDCARDS:
        return None
    if reading.failed.outcome is not Outcome.DONE or "refused" not in reading.failed.text:
        return None
    return f"Your function was given host {given[0]!r}, and bind was called with {bound[1]!r}, which is every address."


@detects(20, Strength.PROVED)
def no_bind(reading: Reading) -> str | None:
    """A socket listens that was never bound, so the system chose its port."""
    for life in reading.lives:
        if reading.server and life.internet and life.did("listen") and not life.tried("bind"):
            return "listen was called on a socket that had not been bound, so the system chose a port for it."
    return None


@detects(21, Strength.PROVED)
def privileged_port(reading: Reading) -> str | None:
    """bind names a port below 1024 that the program was not given: an ordinary user gets EACCES, root gets it."""
    given = reading.exchange.given
    for call in reading.calls:
        place = endpoint(call) if call.name == "bind" else None
        if place is None or not 0 < place[1] < PRIVILEGED or (given is not None and place[1] == given[1]):
            continue
        if call.error == "EACCES":
            return f"bind to port {place[1]} failed with EACCES (permission denied)."
        if not call.failed:
            return f"bind took port {place[1]}, which ordinary users may not have (EACCES), and not the port given."
    return None


@detects(62, Strength.PROVED)
def client_binds(reading: Reading) -> str | None:
    """A client's bind fails with EADDRINUSE on the address of the server, which it was given."""
    given = reading.exchange.given
    for call in reading.calls:
        failed = call.name == "bind" and call.error == "EADDRINUSE" and reading.exchange.role == "client"
        place = endpoint(call) if failed else None
        if place is not None and given is not None and place[1] == given[1]:
            return "bind was called with the address that your client was given, and the server is already there."
    return None
