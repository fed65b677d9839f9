"""The kernel's tables: read as proc(5) describes them."""

from __future__ import annotations

import socket
import sys

import pytest

from autograder import kernel

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:5129 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 24075 1 0 100 0 0 10 0
   1: 0100007F:5129 0100007F:B53C 01 00000010:00000005 00:00000000 00000000     0        0 24076 1 0 20 4 30 10 -1
"""
SIX = (
    "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 "
    "00:00000000 00000000     0        0 99 1 0 100 0 0 10 0\n"
    "   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:B53C 08 00000000:00000000 "
    "00:00000000 00000000     0        0 98 1 0 100 0 0 10 0\n"
)
little = pytest.mark.skipif(sys.byteorder != "little", reason="the sample was taken on a little-endian machine")
linux = pytest.mark.skipif(not kernel.READABLE, reason="only Linux has these tables")


@little
def test_rows_of_ipv4() -> None:
    listening, connected = kernel.parse(TABLE)
    assert listening == kernel.KernelSocket(("127.0.0.1", 20777), ("0.0.0.0", 0), "LISTEN", 0, 2, 24075)
    assert (connected.state, connected.unsent, connected.received) == ("ESTABLISHED", 16, 5)


@little
def test_rows_of_ipv6_with_mapped_addresses_as_ipv4() -> None:
    listening, mapped = kernel.parse(SIX)
    assert listening.local == ("::1", 8080)
    assert mapped.local == ("127.0.0.1", 8080)
    assert mapped.state == "CLOSE_WAIT"


@linux
def test_one_connection_is_found_with_what_waits_in_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        assert kernel.listens(address[1]) is True
        with socket.create_connection(address) as client, listening.accept()[0]:
            client.sendall(b"hello")
            row = kernel.connection(address, client.getsockname())
            assert row is not None
            assert (row.state, row.received) == ("ESTABLISHED", 5)
            assert not kernel.in_flight(address[1])
    assert kernel.listens(address[1]) is False


@linux
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("accept4", ("accept4", float("inf"))),
        ("recvfrom", ("recvfrom", float("inf"))),
        ("clock_nanosleep", ("clock_nanosleep", None)),
        ("connect", ("connect", None)),
    ],
)
def test_which_waits_end_by_themselves(call: str, expected: tuple[str, float | None]) -> None:
    number = {name: number for number, name in kernel._NAMES.items()}[call]
    assert kernel._waiting([str(number), *["0x0"] * 8]) == expected


@linux
def test_a_polls_time_out_is_read_from_its_arguments() -> None:
    number = str({name: number for number, name in kernel._NAMES.items()}["epoll_pwait"])
    assert kernel._waiting([number, "0x3", "0x0", "0xa", "0xffffffff", "0x0", "0x8", "0x0", "0x0"])[1] == float("inf")
    assert kernel._waiting([number, "0x3", "0x0", "0xa", "0x1f4", "0x0", "0x8", "0x0", "0x0"])[1] == 0.5


def test_a_process_that_is_gone_has_no_threads() -> None:
    assert kernel.children(2**22 + 1) == [2**22 + 1]
    assert kernel.threads(2**22 + 1) == ()
    assert kernel.cpu_seconds(2**22 + 1) is None
    assert kernel.open_sockets(2**22 + 1) is None
