"""Names: in a student's process a check's name leads where the check says, whichever call asks."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from autograder import CheckFailed, call, names
from autograder.exchange import Exchange

BOTH = ("::1", "127.0.0.1")


def result(function: Callable[..., Any], *arguments: object, resolves: tuple[str, ...] = BOTH) -> Any:
    with call(function, *arguments, peer="tcp", resolves=resolves) as calling:
        return calling.result()


def met(function: Callable[..., Any], *arguments: object, resolves: tuple[str, ...] = BOTH) -> Exchange:
    """The function connects, reads a greeting to its end and returns it."""
    with call(function, *arguments, peer="tcp", resolves=resolves) as calling:
        server = calling.peer.accepts()
        server.sends(b"hello")
        server.closes()
        calling.returns(b"hello")
        return calling.exchange


def everything(sock: Any) -> bytes:
    with sock:
        return b"".join(iter(lambda: sock.recv(100), b""))


def test_getaddrinfo_gives_the_addresses_in_their_order() -> None:
    def ask(host: str, port: int, family: int) -> list[Any]:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        return [host, *((one[0].name, one[1].name, one[4][0], one[4][1] == port) for one in found)]

    six, four = ("AF_INET6", "SOCK_STREAM", "::1", True), ("AF_INET", "SOCK_STREAM", "127.0.0.1", True)
    assert result(ask, 0) == ["peer.test", six, four]
    assert result(ask, 0, resolves=BOTH[::-1]) == ["peer.test", four, six]
    assert result(ask, int(socket.AF_INET)) == ["peer.test", four]
    assert result(ask, int(socket.AF_INET6)) == ["peer.test", six]


def test_gethostbyname_knows_ipv4_only() -> None:
    def ask(host: str, port: int) -> list[Any]:
        return [socket.gethostbyname(host), socket.gethostbyname_ex(host)]

    addresses = ("::1", "127.0.0.2", "127.0.0.1")
    assert result(ask, resolves=addresses) == ["127.0.0.2", ("peer.test", [], ["127.0.0.2", "127.0.0.1"])]


@pytest.mark.parametrize("spelled", ["PEER.test", "peer.test.", b"peer.test"])
def test_a_name_is_the_same_in_any_case_and_with_its_last_dot(spelled: object) -> None:
    def ask(host: str, port: int, name: Any) -> str:
        return str(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0][4][0])

    assert result(ask, spelled) == "::1"


def test_other_names_are_left_to_the_system() -> None:
    def ask(host: str, port: int) -> list[Any]:
        told = [socket.gethostbyname("127.0.0.3"), socket.getaddrinfo("127.0.0.3", port)[0][4][0]]
        try:
            socket.getaddrinfo("nobody.invalid", port)
        except socket.gaierror:
            told.append("no nobody.invalid")
        return told

    assert result(ask) == ["127.0.0.3", "127.0.0.3", "no nobody.invalid"]


def test_functions_imported_by_name_know_it_too() -> None:
    from socket import getaddrinfo, gethostbyname

    def ask(host: str, port: int) -> list[str]:
        return [gethostbyname(host), getaddrinfo(host, port)[0][4][0]]  # type: ignore[list-item]

    assert result(ask) == ["127.0.0.1", "::1"]


# -- connecting -----------------------------------------------------------------------------------------------------


def test_create_connection_falls_through_to_the_address_that_answers() -> None:
    exchange = met(lambda host, port: everything(socket.create_connection((host, port))))
    assert exchange.given is not None
    assert exchange.given[0] == "peer.test"
    tried = [(call.family, call.error) for call in exchange.by("student", "connect")]
    assert tried in (
        [("AF_INET6", "ECONNREFUSED"), ("AF_INET", "")],
        [("AF_INET6", "EADDRNOTAVAIL"), ("AF_INET", "")],  # no IPv6 here
    )


def test_asyncio_asks_the_same() -> None:
    def ask(host: str, port: int) -> bytes:
        import asyncio

        async def read() -> bytes:
            reader, writer = await asyncio.open_connection(host, port)
            data = await reader.read()
            writer.close()
            return data

        return asyncio.run(read())

    met(ask)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_socket_takes_the_first_address_of_its_family(method: str) -> None:
    def ask(host: str, port: int, method: str) -> bytes:
        sock = socket.socket()
        getattr(sock, method)((host, port))
        return everything(sock)

    exchange = met(ask, method, resolves=("::1", "127.0.0.1", "127.0.0.2"))
    (connect,) = exchange.by("student", method)
    assert "peer.test" in str(connect.arguments[0])  # as it was written
    assert connect.remote is not None
    assert connect.remote[0] == "127.0.0.1"  # where it led


def test_a_name_without_an_address_of_the_family_is_unknown() -> None:
    def ask(host: str, port: int, how: str) -> str:
        try:
            socket.gethostbyname(host) if how == "ask" else socket.socket().connect((host, port))
        except socket.gaierror as error:
            return f"{how}: {error.errno == socket.EAI_NONAME}"
        return ""

    for how in ("ask", "connect"):
        assert result(ask, how, resolves=("::1",)) == f"{how}: True"


def test_bind_and_sendto_know_it() -> None:
    def ask(host: str, port: int) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((host, 0))
            sock.sendto(b"with flags", 0, (host, port))
            return sock.recv(100)

    with call(ask, peer="udp", resolves=("::1", "127.0.0.1")) as calling:
        calling.peer.expects_datagram(b"with flags")
        calling.peer.replies(b"yes")
        calling.returns(b"yes")
        assert [call.local[0] for call in calling.exchange.by("student", "bind") if call.local] == ["127.0.0.1"]


def test_the_first_address_only_is_no_way_to_a_server_at_the_second() -> None:
    def first_only(host: str, port: int) -> bytes:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, number)
        sock.connect(address)
        return everything(sock)

    with pytest.raises(CheckFailed) as caught:
        met(first_only)
    (connect,) = caught.value.exchange.by("student", "connect")
    assert connect.error in ("ECONNREFUSED", "EADDRNOTAVAIL")


@pytest.mark.parametrize(
    ("given", "words"),
    [({"resolves": ("localhost",), "peer": "tcp"}, "no IPv4 or IPv6 address"), ({"resolves": BOTH}, "needs a peer")],
)
def test_what_leads_nowhere_is_refused(given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call(everything, **given)


def test_the_family_of_an_address() -> None:
    assert [names.family_of(one) for one in BOTH] == [socket.AF_INET6, socket.AF_INET]
