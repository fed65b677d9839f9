import shutil
import subprocess

import histories
import pytest

from autograder.reproduction import printf, python, quoted, reproduction

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
    (_, (_, text)), note = commands(histories.six_megabytes()), reproduction(histories.six_megabytes())[1]
    assert text == "head -c 6000000 /dev/zero | nc 127.0.0.1 7007"
    assert note.startswith("The bytes are zeros here, as many as in the check (6,000,000 bytes).")


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


@needs_shell
def test_the_python_commands_are_python():
    for exchange in (histories.crash(), histories.datagrams(), histories.daytime_client()):
        for _, text in commands(exchange):
            if text.startswith("python3"):
                script = run("printf %s " + text.removeprefix("python3 -c ")).decode()
                compile(script, "reproduction", "exec")
