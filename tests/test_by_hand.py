"""By hand: the reference solutions outside the harness, as `autograder run` gives them to nc and curl."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import histories
import pytest
from conftest import ROOT
from terminal import Terminal, answer, shown, terminal, typing

from autograder.client import free_port
from autograder.reproduction import PORT, reproduction

if sys.platform == "win32":
    pytest.skip("nc and its pipes are POSIX's", allow_module_level=True)

NOTEBOOK = ROOT / "source" / "03-call-flow" / "03-call-flow.ipynb"
QUOTE = b"Be conservative in what you do, be liberal in what you accept from others. (Jon Postel)\r\n"
SERVERS = ("quote_server", "quote_server_udp", "echo_server")


def run(function: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "autograder", "run", str(NOTEBOOK), function, *map(str, arguments)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Terminal]]:
    """The three servers of the assignment, running, each in a terminal of its own."""
    with contextlib.ExitStack() as opened:
        terminals = {}
        for name in SERVERS:
            command = run(name, "127.0.0.1", free_port())
            terminals[name] = opened.enter_context(terminal(command, tmp_path_factory.mktemp(name)))
        yield terminals


@pytest.fixture(scope="module")
def ports(served: dict[str, Terminal]) -> dict[str, int]:
    return {name: opened.port() for name, opened in served.items()}


@pytest.fixture
def nc(program_needed: Callable[..., str]) -> str:
    """The nc of OpenBSD, which Debian has, too."""
    path = program_needed("nc")
    if "Shutdown the network socket" not in subprocess.run([path, "-h"], capture_output=True, text=True).stderr:
        pytest.skip("this nc has no -N (OpenBSD's has)")
    return path


@pytest.fixture
def curl(program_needed: Callable[..., str]) -> str:
    path = program_needed("curl")
    if "telnet" not in answer(f"{path} --version").decode():
        pytest.skip("this curl was built without telnet")
    return path


def commands(exchange, port: int) -> list[str]:
    """The commands that a failing check prints, with this port instead."""
    return [command.text.replace(str(PORT), str(port)) for command in reproduction(exchange)[0]]


# -- nc -------------------------------------------------------------------------------------------------------------


def test_nc_gets_its_echo_and_ends(ports, nc):
    _, client = commands(histories.echo(), ports["echo_server"])
    assert client.startswith("printf 'hello' | nc -N ")
    assert answer(client) == b"hello"
    assert answer(client) == b"hello", "the next client is served, too"


def test_an_echo_of_more_than_the_buffers_hold_comes_back_whole(ports, nc):
    size = 3_000_000
    assert answer(f"head -c {size} /dev/zero | {nc} -N 127.0.0.1 {ports['echo_server']}") == bytes(size)


def test_each_line_typed_into_nc_comes_back_before_the_next(ports, nc):
    with typing([nc, "127.0.0.1", str(ports["echo_server"])]) as client:
        for line in (b"hello\n", b"is there an echo?\n", "回显\n".encode()):
            client.stdin.write(line)
            assert shown(client, len(line)) == line


@pytest.mark.parametrize("command", ["nc 127.0.0.1 {} </dev/null", "nc -N 127.0.0.1 {} </dev/null"])
def test_nc_prints_the_quotation_and_ends(ports, nc, command):
    assert answer(command.format(ports["quote_server"])) == QUOTE


def test_nc_gets_the_quotation_by_udp(ports, nc):
    with typing([nc, "-u", "-w", "2", "127.0.0.1", str(ports["quote_server_udp"])]) as client:
        client.stdin.write(b"one quotation, please\n")
        assert shown(client, len(QUOTE)) == QUOTE


def test_an_empty_datagram_needs_python_and_is_answered(ports):
    _, client = commands(histories.datagrams(), ports["quote_server_udp"])
    assert answer(client).decode().count(repr(QUOTE)) == 2


# -- curl -----------------------------------------------------------------------------------------------------------


def test_curl_prints_the_quotation_and_ends(ports, curl):
    assert answer(f"{curl} -s telnet://127.0.0.1:{ports['quote_server']} </dev/null") == QUOTE


def test_each_line_typed_into_curl_comes_back_before_the_next(ports, curl):
    """Without -N curl keeps a pipe's output back; it never half-closes, so only its user ends it."""
    with typing([curl, "-sN", f"telnet://127.0.0.1:{ports['echo_server']}"]) as client:
        for line in (b"hello\n", b"is there an echo?\n"):
            client.stdin.write(line)
            assert shown(client, len(line)) == line


# -- clients --------------------------------------------------------------------------------------------------------


def test_a_client_takes_bytes_and_meets_the_echo_server(ports):
    command = run("echo_client", "127.0.0.1", ports["echo_server"], r"b'it\'s\x00\xff'")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told, value = done.stdout.splitlines()
    assert "it expects a server there: nc -l 127.0.0.1" in told
    assert value == r'''echo_client returned b"it's\x00\xff"'''


def test_a_client_reads_a_line_from_nc(nc):
    port = free_port()
    line = "Tuesday, May 4, 2027 16:05:09-CST"
    with subprocess.Popen(
        f"printf '{line}\\r\\n' | exec {nc} -v -N -l 127.0.0.1 {port}",
        shell=True,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            assert b"Listening" in server.stderr.readline()
            done = subprocess.run(
                run("get_daytime", "127.0.0.1", port), capture_output=True, text=True, timeout=120, check=True
            )
        finally:
            server.kill()
    assert done.stdout.splitlines()[-1] == f"get_daytime returned {line!r}"


# -- the end --------------------------------------------------------------------------------------------------------


def test_a_server_says_how_to_talk_to_it_and_stops_with_control_c(tmp_path: Path):
    port = free_port()
    with terminal(run("quote_server_udp", "127.0.0.1", port), tmp_path) as opened:
        assert opened.port() == port
        told = opened.end(signal.SIGINT)
    assert opened.process.returncode == 0
    assert told.splitlines() == [
        f"quote_server_udp('127.0.0.1', {port}) is running; talk to it with: nc -u 127.0.0.1 {port}; stop with Ctrl-C",
        "",
        "stopped.",
    ]


def test_the_quotation_is_the_notebooks():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (imports,) = ["".join(cell["source"]) for cell in cells if cell["id"] == "imports"]
    assert f'QUOTE = "{QUOTE.decode().rstrip()}"' in imports
