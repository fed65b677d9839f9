import contextlib
import random
import shutil
import socket
import subprocess
import sys

import histories
import programs
import pytest
from terminal import DEADLINE_SECONDS, terminal

from autograder import CheckFailed, call, program, rehearsal, scripts, serve
from autograder.reproduction import printf, quoted, reproduction
from autograder.scripts import python

SHELL = shutil.which("sh")
needs_shell = pytest.mark.skipif(SHELL is None, reason="this machine has no POSIX shell")


def run(command: str) -> bytes:
    return subprocess.run([SHELL, "-c", command], capture_output=True, check=True, timeout=60).stdout


@needs_shell
@pytest.mark.parametrize(
    "data",
    [bytes(range(256)), b"hello", b"", b"50% \\n", b"it's", b"\x001", b"\r\n\r\n", b"-n", "é汉".encode(), b"\\0123"],
)
def test_printf_writes_exactly_these_bytes(data):
    assert run(printf(data)) == data


@needs_shell
@pytest.mark.parametrize("word", ["", "127.0.0.1", "::1", "it's; rm -rf", "$HOME"])
def test_a_quoted_word_reaches_the_program_as_it_is(word):
    assert run(f"printf %s {quoted(word)}") == word.encode()


@needs_shell
def test_a_quoted_script_reaches_python_as_it_is():
    data = bytes(range(256))
    assert run(python(f"import sys; sys.stdout.buffer.write({data!r})")) == data


def commands(exchange):
    return [(command.terminal, command.text) for command in reproduction(exchange)[0]]


RUN = "autograder run NOTEBOOK echo_server 127.0.0.1 7007"


def test_an_echo_is_one_line_of_nc():
    assert commands(histories.echo()) == [(1, RUN), (2, "printf 'hello' | nc -N 127.0.0.1 7007")]


def test_clients_at_the_same_time_get_a_terminal_each():
    assert commands(histories.second_client_waits())[1:] == [
        (2, "printf 'one' | nc 127.0.0.1 7007"),
        (3, "printf 'second' | nc 127.0.0.1 7007"),
    ]


def test_too_many_bytes_to_spell_are_zeros_and_the_note_says_so():
    story = histories.Story()
    story.listens()
    story.connects()
    story.moves("reference", "sendall", random.Random(862).randbytes(6000), size=6_000_000)
    (_, (_, text)), note = commands(story.exchange()), reproduction(story.exchange())[1]
    assert text == "head -c 6000000 /dev/zero | nc 127.0.0.1 7007"
    assert note.startswith("The bytes are zeros here, as many as in the check (6,000,000 bytes).")


@pytest.mark.parametrize(
    ("start", "size", "told"),
    [
        (bytes(1024), 6000, "bytes(6000)"),
        (b"\xa7" * 1024, 6000, r"b'\xa7' * 6000"),
        (b"hello\r\n" + bytes(1017), 20_007, r"b'hello\r\n' + bytes(20000)"),
        ((b"x" * 998 + b"\r\n" + b"x" * 24), 16_000, r"(b'x' * 998 + b'\r\n') * 16"),
        (b"in turn\r\n" * 113, 90_001, r"((b'in turn\r\n') * 10001)[:90001]"),
        (bytes(range(256)) * 4, 4096, ""),
        (random.Random(862).randbytes(1024), 6000, ""),
        (b"", 6000, ""),
        (b"abc", 3, ""),
    ],
)
def test_many_bytes_that_repeat_are_spelled_by_what_repeats(start, size, told):
    assert scripts.continued(start, size) == told
    assert not told or (eval(told)[: len(start)], len(eval(told))) == (start, size)


def test_a_half_close_without_bytes():
    assert commands(histories.spinning())[1] == (2, "nc -N 127.0.0.1 7007 </dev/null")


def test_a_reset_and_an_empty_datagram_need_python():
    assert "struct.pack('ii', 1, 0)" in commands(histories.crash())[1][1]
    assert "for d in (b'ping', b'',)" in commands(histories.datagrams())[1][1]


def test_pieces_reach_a_client_in_pieces():
    server, client = commands(histories.daytime_client())
    assert r"for d in (b'Tue, ', b'24 Nov ', b'2026\\r\\n',)" in server[1]
    assert client == (2, "autograder run NOTEBOOK get_daytime 127.0.0.1 7007")


def test_pieces_reach_a_server_in_pieces():
    story = histories.Story()
    story.listens()
    story.connects()
    for piece in (b"he", b"llo"):
        story.moves("reference", "send", piece)
    assert commands(story.exchange())[1] == (2, "(printf 'he'; sleep 1; printf 'llo') | nc 127.0.0.1 7007")


def test_many_clients_in_turn_are_a_loop():
    story = histories.Story()
    story.listens()
    for number in range(1, 201):
        place = ("127.0.0.1", 40_000 + number)
        story.connects(number, place)
        for name in ("shutdown", "close"):
            story.moves("reference", name, socket=number, address=place)
    told = commands(story.exchange())
    assert told == [(1, RUN), (2, "for i in $(seq 200); do nc -N 127.0.0.1 7007 </dev/null; done")]


def test_the_wildcard_is_visited_at_loopback():
    story = histories.Story()
    assert commands(story.exchange(given=("", 20123))) == [(1, "autograder run NOTEBOOK echo_server '' 7007")]


def test_a_plain_function_has_nothing_to_connect_to():
    assert reproduction(histories.Story().exchange(role="function", transport="none")) == ((), "")


def echo_client(*arguments: str, host: str = "127.0.0.1"):
    """A client's exchange with an echo server, called with these arguments (spelled) after the address."""
    story = histories.Story()
    story.step("accepts the program's connection", actor="server")
    story.step("repeats what it reads, as it reads it, until the program ends its side", actor="server", passed=False)
    return story.exchange(function="echo_client", role="client", given=(host, 20123), arguments=arguments)


def test_a_client_is_run_with_the_arguments_of_its_check():
    (_, (_, text)), note = commands(echo_client("b'hello'")), reproduction(echo_client("bytes(6000000)"))[1]
    assert text == """autograder run NOTEBOOK echo_client 127.0.0.1 7007 "b'hello'\""""
    assert note == "The bytes are zeros here, as many as in the check (6,000,000 bytes)."


@needs_shell
@pytest.mark.parametrize(
    "value", [b"", b"it's\x00", b'say "hi" $HOME`!', bytes(range(256)), 0, -17, "", "hello there", "it's", bytes(6000)]
)
def test_an_argument_reaches_the_function_as_it_was(value):
    word = commands(echo_client(program.spelled(value)))[1][1].partition(" 7007 ")[2]
    assert rehearsal.argument(run(f"printf %s {word}").decode()) == value


@pytest.mark.parametrize(
    "value", ["12", "b'x'", "-n", "bytes(3)", "a\nb", "1.5", 1e300, None, True, (1, 2), "x" * 1000]
)
def test_an_argument_without_a_word_is_left_to_the_student(value):
    told, note = reproduction(echo_client(program.spelled(value)))
    assert told[1].text.endswith(" 7007 ARGUMENT")
    assert note == "Put what the check gives your function in the place of ARGUMENT."


def test_a_check_keeps_the_arguments_that_it_gives():
    def forgetful(host: str, port: int, data: bytes) -> None:
        """A client that never connects."""

    with pytest.raises(CheckFailed) as failure, call(forgetful, b"hello", peer="tcp") as calling:
        calling.peer.accepts()
    assert failure.value.exchange.arguments == ("b'hello'",)
    assert commands(failure.value.exchange)[1][1].endswith(""" 7007 "b'hello'\"""")


@needs_shell
@pytest.mark.skipif(sys.platform == "win32", reason="pipes are passed on as POSIX does")
@pytest.mark.parametrize(("argument", "size"), [("b'hello'", 5), ("bytes(6000000)", 300_000)])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_echo_server_of_one_line_runs_and_echoes(host, argument, size, tmp_path):
    (_, text), _ = commands(echo_client(argument, host=host))
    data = bytes(range(256)) * (size // 256) + b"hello"
    with terminal(text, tmp_path, any_port=True) as opened:
        with socket.create_connection((host, opened.port()), timeout=DEADLINE_SECONDS) as client:
            came = bytearray()
            for start in range(0, len(data), 4096):
                part = data[start : start + 4096]
                client.sendall(part)
                while len(came) < start + len(part):
                    came += client.recv(4096)
            client.shutdown(socket.SHUT_WR)
            assert came == data
            assert client.recv(1) == b""
        assert opened.process.wait(DEADLINE_SECONDS) == 0


@needs_shell
@pytest.mark.skipif(sys.platform == "win32", reason="pipes are passed on as POSIX does")
def test_an_echo_in_pieces_comes_in_pieces(tmp_path):
    def client(host: str, port: int, data: bytes) -> bytes:
        with socket.create_connection((host, port)) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(100), b""))

    with call(client, b"hello", peer="tcp") as calling:
        calling.peer.accepts().echoes(pieces=2)
        (_, text), _ = commands(calling.exchange)
    assert "s.sendall(d[i:i+2])" in text
    with terminal(text, tmp_path, any_port=True) as opened:
        assert client("127.0.0.1", opened.port(), b"hello") == b"hello"
        assert opened.process.wait(DEADLINE_SECONDS) == 0


@needs_shell
@pytest.mark.skipif(sys.platform == "win32", reason="pipes are passed on as POSIX does")
def test_the_echo_server_of_one_line_stops_reading_while_nobody_reads_it(tmp_path):
    """Else sending 6 MB before reading would succeed by hand, and only the check would fail."""
    (_, text), _ = commands(echo_client("bytes(6000000)"))
    with (
        terminal(text, tmp_path, any_port=True) as opened,
        socket.create_connection(("127.0.0.1", opened.port()), timeout=1) as client,
        pytest.raises(TimeoutError),
    ):
        client.sendall(bytes(6_000_000))


@needs_shell
def test_the_python_commands_are_python():
    made = (histories.crash(), histories.datagrams(), histories.daytime_client(), echo_client("bytes(6000000)"))
    for exchange in made:
        for _, text in commands(exchange):
            if text.startswith("python3"):
                script = run("printf %s " + text.removeprefix("python3 -c ")).decode()
                compile(script, "reproduction", "exec")


# -- adversities ----------------------------------------------------------------------------------------------------


def told(meeting, steps):
    """The commands for a meeting of this course's own, after these steps."""
    with meeting as met:
        with contextlib.suppress(CheckFailed):
            steps(met)
        exchange = met.exchange
    return [text for _, text in commands(exchange)], reproduction(exchange)[1]


def test_a_port_that_is_not_kept_is_two_copies():
    texts, note = told(serve(programs.reuses_port), lambda server: server.expects_port_kept())
    assert texts == ["autograder run NOTEBOOK reuses_port 127.0.0.1 7007"] * 2
    assert note == ""


@pytest.mark.skipif(sys.platform != "linux", reason="where a full queue refuses, this ends otherwise")
def test_servers_that_do_not_answer():
    texts, _ = told(call(programs.connects_in_time, peer="tcp-absent"), lambda met: met.returns(None))
    assert texts == ["autograder run NOTEBOOK connects_in_time 127.0.0.1 7007"]
    texts, _ = told(call(programs.asks_connected, peer="udp-absent"), lambda met: met.returns(None))
    assert texts == ["autograder run NOTEBOOK asks_connected 127.0.0.1 7007"]
    texts, _ = told(call(programs.connects_in_time, peer="tcp-full"), lambda met: met.returns(None))
    assert "backlog=1" in texts[0]
    assert texts[1:] == ["autograder run NOTEBOOK connects_in_time 127.0.0.1 7007"]


def test_a_list_of_ports_has_no_command():
    assert told(call(programs.first_that_answers, peers=("tcp-absent",)), lambda met: met.returns(None)) == ([], "")


def test_a_checks_own_name_is_localhost_by_hand():
    def steps(met):
        server = met.peer.accepts()
        server.sends(b"hello")
        server.closes()
        met.returns(b"something")

    texts, note = told(call(programs.fetch, peer="tcp", resolves=("::1", "127.0.0.1")), steps)
    assert texts == ["printf 'hello' | nc -N -l 127.0.0.1 7007", "autograder run NOTEBOOK fetch localhost 7007"]
    assert "The name peer.test exists in the check only; localhost stands for it here." in note


def test_clients_that_nc_cannot_be():
    def steps(server):
        server.connect().floods(bytes(20_000_000))
        slow = server.connect(receive_buffer=4096)
        slow.half_closes()
        slow.expects(b"x" * 1000, reads=100)

    texts, note = told(serve(programs.echo_threads), steps)
    assert "s.sendall(bytes(20000000)); input(" in texts[1]
    assert "setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)" in texts[2]
    assert "s.shutdown(socket.SHUT_WR)" in texts[2]
    assert "s.recv(100)" in texts[2]
    assert "zeros" not in note
    assert "stop it with Ctrl-C" in note
    for text in texts[1:]:
        compile(run("printf %s " + text.removeprefix("python3 -c ")).decode(), "reproduction", "exec")


def test_many_and_large_datagrams_stay_datagrams():
    def steps(client):
        client.sends(b"one", times=6)
        client.sends(b"two")

    texts, _ = told(serve(programs.echo_datagrams, transport="udp"), lambda server: steps(server.datagrams()))
    assert "for d in (*[b'one'] * 6, b'two',)" in texts[1]
    texts, _ = told(
        serve(programs.echo_datagrams, transport="udp"), lambda server: server.datagrams().sends(bytes(60_000), times=2)
    )
    assert "for d in (*[bytes(60000)] * 2,)" in texts[1]


@needs_shell
@pytest.mark.skipif(sys.platform == "win32", reason="pipes are passed on as POSIX does")
def test_a_datagram_server_loses_and_a_stranger_answers(tmp_path):
    def steps(met):
        met.peer.loses_datagram(b"question")
        met.peer.expects_datagram(b"question")
        met.peer.replies_from_elsewhere(b"forged")
        met.peer.replies(b"answer", times=2)
        met.returns(b"another answer")

    (server, client), _ = told(call(programs.asks_patiently, peer="udp"), steps)
    assert client == "autograder run NOTEBOOK asks_patiently 127.0.0.1 7007"
    with terminal(server, tmp_path, any_port=True) as opened:
        assert programs.asks_patiently("127.0.0.1", opened.port()) == b"answer"


@needs_shell
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system decides what a full queue does")
def test_the_full_server_of_one_line_is_full(tmp_path):
    (server, _), _ = told(call(programs.connects_in_time, peer="tcp-full"), lambda met: met.returns(None))

    def until_it_is_full(port: int) -> None:
        while True:
            with contextlib.suppress(ConnectionRefusedError):  # it is told of before it listens
                programs.connects_in_time("127.0.0.1", port)

    with terminal(f"tail -f /dev/null | {server}", tmp_path, any_port=True) as opened, pytest.raises(TimeoutError):
        until_it_is_full(opened.port())
