import errno
import random
import xml.etree.ElementTree as ET
from dataclasses import replace

import histories
import pytest

from autograder import ladder
from autograder.exchange import Exchange, Outcome, ProgramState
from autograder.ladder.layout import layout

EVERY = [
    histories.echo,
    histories.second_client_waits,
    histories.crash,
    histories.spinning,
    histories.wrong_bytes,
    histories.datagrams,
    histories.three_clients,
    histories.six_megabytes,
    lambda: histories.six_megabytes(2_000_000),
    histories.daytime_client,
    lambda: Exchange("echo_server", "server", "tcp"),
]


def same(drawn: str, golden: str) -> None:
    assert [line.rstrip() for line in drawn.splitlines()] == golden.strip("\n").split("\n")


def test_an_echo():
    same(
        ladder.text(histories.echo()),
        """
line echo_server                                client
──────────────────────────────────              ──────────────────────────────
   4 socket(AF_INET, SOCK_STREAM)
   5 bind(('127.0.0.1', 20123))
   6 listen(5)
                                                socket(AF_INET, SOCK_STREAM)
   8 accept() → 4                  ◀─── SYN ─── connect(('127.0.0.1', 20123))
  10 recv(4096) → b'hello'         ◀─ 5 bytes ─ sendall(b'hello')
  13 sendall(b'hello')             ─ 5 bytes ─▶ recv(4096) → b'hello'
  10 recv(4096) → b''              ◀─── FIN ─── shutdown(SHUT_WR)
  14 close(4)                      ─── FIN ───▶ recv(4096) → b''
                                                close()
   8 accept() … still waiting here
""",
    )


def test_a_second_client_that_nobody_accepts():
    same(
        ladder.text(histories.second_client_waits()),
        """
line echo_server                                clients
──────────────────────────────────              ──────────────────────────────
   4 socket(AF_INET, SOCK_STREAM)
   5 bind(('127.0.0.1', 20123))
   6 listen(5)
   8 accept() → 4                  ◀─── SYN ─── client 1:
                                                 connect(('127.0.0.1', 20123))
  10 recv(4096) → b'one'           ◀─ 3 bytes ─ client 1: sendall(b'one')
  11 sendall(b'one')               ─ 3 bytes ─▶ client 1: recv(4096) → b'one'
     (queued, never accepted)      ◀─── SYN ─── client 2:
                                                 connect(('127.0.0.1', 20123))
     (never read)                  ◀─ 6 bytes ─ client 2: sendall(b'second')
  10 client 1: recv(4096)
       … still waiting here
                                                ✗ client 2 expects 6 bytes:
                                                 nothing came
""",
    )


def test_a_reset_that_ends_the_program():
    drawn = ladder.text(histories.crash())
    assert "  10 recv(4096) → ECONNRESET       ◀─── RST ─── close() (aborting)" in drawn
    assert "  10 ✗ ConnectionResetError" in drawn
    assert "setsockopt" not in drawn


def test_end_of_file_read_again_and_again_is_one_row():
    assert "  10 recv(4096) → b'' × 1,000      ◀─── FIN ─── shutdown(SHUT_WR)" in ladder.text(histories.spinning())


def test_datagrams():
    same(
        ladder.text(histories.datagrams()),
        """
line udp_echo_server                            client
──────────────────────────────────              ──────────────────────────────
   4 socket(AF_INET, SOCK_DGRAM)
   5 bind(('127.0.0.1', 20123))
                                                socket(AF_INET, SOCK_DGRAM)
   7 recvfrom(2048) → b'ping'      ◀─ 4 bytes ─ sendto(b'ping',
                                                 ('127.0.0.1', 20123))
   8 sendto(b'ping',               ─ 4 bytes ─▶ recvfrom(65535) → b'ping'
      ('127.0.0.1', 51000))
   7 recvfrom(2048) → b''          ◀─ 0 bytes ─ sendto(b'',
                                                 ('127.0.0.1', 20123))
  10 close(3)
     the program ends:
      exit status 0 (no error)
                                                ✗ client expects a datagram of
                                                  0 bytes: your program had
                                                  ended
""",
    )


def test_a_client_stands_left_too():
    same(
        ladder.text(histories.daytime_client()),
        r"""
line get_daytime                                server
──────────────────────────────────              ──────────────────────────────
                                                socket(AF_INET, SOCK_STREAM)
                                                bind(('127.0.0.1', 20123))
                                                listen(5)
   3 socket(AF_INET, SOCK_STREAM)
   4 connect(('127.0.0.1', 20123)) ─── SYN ───▶ accept()
   5 recv(4096) → b'Tue, '         ◀─ 5 bytes ─ sendall(b'Tue, ')
   6 close(3)
     return 'Tue, '
     (never read)                  ◀─ 7 bytes ─ sendall(b'24 Nov ')
     (never read)                  ◀─ 6 bytes ─ sendall(b'2026\r\n')
                                                close()
                                                ✗ program returns 'Tue, 24 Nov
                                                  2026': another value was
                                                  returned
""",
    )


def test_a_long_history_keeps_its_beginning_and_its_end():
    drawn = ladder.text(histories.six_megabytes(2_000_000))
    assert "… 56 rows like these … recv × 56, sendall × 28 …" in drawn
    assert drawn.splitlines()[2].split() == ["4", "socket(AF_INET,", "SOCK_STREAM)"]
    assert "only 2,000,000 bytes" in drawn


def test_a_long_history_without_a_pattern_is_cut_too():
    story = histories.Story()
    story.listens()
    for number in range(300):
        story.student(f"call{number}" if number % 7 else "recv", line=number)
    drawn = ladder.text(story.exchange())
    assert len(layout(story.exchange()).rows) == 40
    assert "264 more rows" in drawn
    assert "call299" in drawn


@pytest.mark.parametrize("sizes", [[5], [1, 1, 1, 1, 1], [2, 3], [4, 1]])
def test_one_send_read_in_pieces_is_one_arrow_for_each_piece(sizes):
    story = histories.Story()
    story.listens()
    story.connects()
    story.accepts()
    story.moves("reference", "sendall", b"hello")
    at = 0
    for size in sizes:
        story.moves("student", "recv", b"hello"[at : at + size])
        at += size
    laid = layout(story.exchange())
    arrows = [arrow for arrow in laid.arrows if arrow.kind == "data"]
    assert [arrow.size for arrow in arrows] == sizes
    assert len({arrow.tail for arrow in arrows}) == 1
    assert [arrow.head for arrow in arrows] == [arrows[0].tail + number for number in range(len(sizes))]


def test_sends_read_as_one_are_one_arrow_each():
    story = histories.Story()
    story.listens()
    story.connects()
    story.accepts()
    story.moves("reference", "send", b"he")
    story.moves("reference", "send", b"llo")
    story.moves("student", "recv", b"hello")
    arrows = [arrow for arrow in layout(story.exchange()).arrows if arrow.kind == "data"]
    assert [arrow.size for arrow in arrows] == [2, 3]
    assert len({arrow.head for arrow in arrows}) == 1


def test_what_was_never_read_is_told_after_what_was():
    story = histories.Story()
    story.listens()
    story.connects()
    story.accepts()
    story.moves("reference", "send", b"hello")
    story.moves("student", "recv", b"he")
    arrows = [arrow for arrow in layout(story.exchange()).arrows if arrow.kind == "data"]
    assert [(arrow.size, arrow.note) for arrow in arrows] == [(3, "3 bytes never read"), (2, "")]


@pytest.mark.parametrize("name", ["connect", "bind"])
def test_an_address_in_two_arguments_is_drawn_as_it_was_passed(name):
    story = histories.Story()
    story.student("socket")
    story.student(name, arguments=("'127.0.0.1'", 20123), error="TypeError")
    drawn = ladder.text(story.exchange())
    assert f"{name}('127.0.0.1', 20123)" in drawn
    assert "(('" not in drawn


def test_a_refused_connect():
    story = histories.Story()
    story.student("socket")
    story.student("connect", remote=histories.SERVER, error="ECONNREFUSED")
    drawn = ladder.text(story.exchange(role="client", function="get_daytime"))
    assert "connect(('127.0.0.1', 20123))" in drawn
    assert "→ ECONNREFUSED" in drawn
    assert "(refused:" in drawn


def test_a_refused_connect_of_the_reference_is_known_by_its_number():
    story = histories.Story()
    story.reference("socket")
    ends = {"local": histories.CLIENT, "remote": histories.SERVER}
    story.reference("connect_ex", arguments=(str(histories.SERVER),), result=errno.ECONNREFUSED, **ends)
    story.reference("close", **ends)
    drawn = ladder.text(story.exchange())
    assert "→ ECONNREFUSED" in drawn
    assert "FIN" not in drawn


def test_a_send_that_takes_less_than_it_was_offered_says_so():
    story = histories.Story()
    story.student("send", size=2_500_000, offered=6_000_000)
    story.student("sendall", error="EPIPE", offered=6_000_000)
    drawn = ladder.text(story.exchange())
    assert "send(6,000,000 bytes)\n       → 2,500,000" in drawn
    assert "sendall(6,000,000 bytes)\n       → EPIPE" in drawn


def test_a_call_that_the_check_itself_ended_is_no_error():
    story = histories.Story()
    story.student("accept", error="killed")
    assert "accept()\n       … until the check ended it" in ladder.text(story.exchange())
    assert 'class="l-bad"' not in ladder.svg(story.exchange())


def test_noise_is_left_out():
    story = histories.Story()
    story.listens()
    story.student("send", family="AF_UNIX", data=b"\0")
    story.student("accept", error="EAGAIN", blocking=False)
    story.student("getsockopt", arguments=("SOL_SOCKET", "SO_ERROR"), result=0)
    story.student("setsockopt", arguments=("SOL_SOCKET", "SO_REUSEADDR", 1))
    story.student("recv", error="TimeoutError")
    drawn = ladder.text(story.exchange())
    assert [line[5:].split("(")[0] for line in drawn.splitlines()[2:]] == [
        "socket", "bind", "listen", "setsockopt", "  SO_REUSEADDR, 1)", "recv",
    ]  # fmt: skip


def test_a_program_that_waits_outside_sockets():
    program = ProgramState(blocked_in="epoll_wait")
    story = histories.Story()
    story.step("expects 5 bytes", outcome=Outcome.SILENCE, passed=False, expected=b"hello")
    assert "epoll_wait\n       … still waiting here" in ladder.text(story.exchange(program=program))


@pytest.mark.parametrize("make", EVERY)
def test_no_arrow_points_upwards(make):
    for arrow in layout(make()).arrows:
        assert arrow.head is None or arrow.head >= arrow.tail


@pytest.mark.parametrize("make", EVERY)
def test_no_ladder_is_long_or_wide(make):
    assert len(layout(make()).rows) <= 40
    assert max(map(len, ladder.text(make()).splitlines())) <= 78


@pytest.mark.parametrize("make", EVERY)
def test_a_picture_stands_alone_and_is_valid(make):
    drawn = ladder.svg(make())
    root = ET.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "script" not in drawn
    assert "href" not in drawn
    assert "url(" not in drawn
    wide, high = map(float, root.get("viewBox").split()[2:])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert -1 <= float(text.get("x")) <= wide
        assert 0 <= float(text.get("y")) <= high


def test_pictures_on_one_page_have_ids_of_their_own():
    drawn = [ladder.svg(make()) for make in EVERY]
    assert len({ET.fromstring(picture).get("id") for picture in drawn}) == len(EVERY)


@pytest.mark.parametrize("make", EVERY)
def test_the_same_history_gives_the_same_picture(make):
    assert ladder.svg(make()) == ladder.svg(make())
    assert ladder.text(make()) == ladder.text(make())


@pytest.mark.parametrize("make", [histories.echo, histories.crash, histories.datagrams, histories.daytime_client])
def test_a_program_that_is_scheduled_a_little_later_gives_the_same_ladder(make):
    exchange, generator = make(), random.Random(862)
    told = ladder.text(exchange)
    for _ in range(50):
        late = {side: generator.uniform(0, 0.0004) for side in ("student", "reference")}
        calls = [
            replace(call, started=call.started + late[call.side], ended=call.ended and call.ended + late[call.side])
            for call in exchange.calls
        ]
        calls.sort(key=lambda call: call.started)
        assert ladder.text(replace(exchange, calls=tuple(calls))) == told


def test_a_thread_that_sends_first_is_told_after_the_accept_that_made_its_socket():
    story = histories.Story()
    story.listens()
    story.connects()
    story.accepts()
    story.moves("student", "sendall", b"hello", thread=7, line=20)
    story.moves("reference", "recv", b"hello")
    early = [replace(call, started=call.started - 0.004) if call.name == "sendall" else call for call in story.calls]
    text = ladder.text(replace(story.exchange(), calls=tuple(early)))
    assert text.index("accept()") < text.index("sendall(b'hello')")


def test_what_a_program_says_cannot_change_the_picture():
    evil = "\x1b[31m<script>alert(1)</script>]]>&\u202e\ud800\x00\n"
    story = histories.Story()
    story.listens()
    story.connects()
    story.accepts()
    story.moves("student", "sendall", evil.encode("utf-8", "surrogatepass"))
    story.student("setsockopt", arguments=(evil,))
    story.student("recv", error=evil)
    program = ProgramState(running=False, exit_status=1, exception=evil)
    exchange = story.exchange(function=evil, program=program)
    root = ET.fromstring(ladder.svg(exchange))
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert set("\x1b\u202e\ud800\x00").isdisjoint(ladder.text(exchange) + ladder.svg(exchange))
    assert ladder.text(exchange).count("\n") < 30


def test_any_history_can_be_drawn():
    generator = random.Random(7)
    names = ["socket", "bind", "listen", "accept", "connect", "send", "recv", "shutdown", "close", "setsockopt", "dup"]
    places = [None, histories.SERVER, histories.CLIENT, ("::ffff:127.0.0.1", 20123), ("127.0.0.1", 0)]
    for _ in range(300):
        story = histories.Story(generator.choice(["tcp", "udp"]))
        for _ in range(generator.randrange(60)):
            story.call(
                generator.choice(["student", "reference"]), generator.choice(names), generator.randrange(1, 4),
                data=generator.randbytes(generator.randrange(4)), local=generator.choice(places),
                remote=generator.choice(places), thread=generator.randrange(2),
                made=generator.choice([None, 1, 2, 3]), error=generator.choice(["", "", "ECONNRESET", "EAGAIN"]),
                blocked=generator.random() < 0.05, wait=generator.choice([0, 0.02]),
            )  # fmt: skip
        exchange = story.exchange(role=generator.choice(["server", "client"]))
        ET.fromstring(ladder.svg(exchange))
        assert max(map(len, ladder.text(exchange).splitlines())) <= 78
        assert all(arrow.head is None or arrow.head >= arrow.tail for arrow in layout(exchange).arrows)
