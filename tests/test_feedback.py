import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import histories
import pytest
from conftest import ROOT

from autograder.exchange import Exchange, Line, Outcome, ProgramState
from autograder.feedback import as_html, as_text
from autograder.feedback.report import headline, report
from autograder.feedback.terminal import STRONGER
from autograder.finding import Finding, Mistake
from autograder.words import exit_status, instead, literal, output, printable, quantity

ONCE = Mistake(
    25,
    "accept once",
    "The server accepts one connection and never calls accept again.",
    (
        "Which of your lines runs for each client?",
        "Look at where accept stands.",
        "A second client needs a second accept.",
    ),
    "06 connect() and accept(), Why accept returns a new socket",
)
SERIAL = replace(ONCE, number=28, name="serial where concurrent is asked")
FOUND = (
    Finding(ONCE, "accept was called once, on line 8, and two clients connected."),
    Finding(SERIAL, "client 2 waited."),
)

FAILING = [
    histories.second_client_waits,
    histories.crash,
    histories.spinning,
    histories.wrong_bytes,
    histories.datagrams,
    histories.daytime_client,
    lambda: histories.six_megabytes(2_000_000),
]
EVERY = [*FAILING, histories.echo, histories.three_clients, lambda: Exchange("f", "function", "none")]


def test_all_six_parts_in_their_order():
    assert as_text(histories.second_client_waits(), FOUND) == (
        """\
✗ Step 6 failed: client 2 expected 6 bytes, and nothing came.

  1. ✓ client 1 connects
  2. ✓ client 1 sends 3 bytes
  3. ✓ client 1 expects 3 bytes
  4. ✓ client 2 connects
  5. ✓ client 2 sends 6 bytes
  6. ✗ client 2 expects 6 bytes
       Nothing came within 2 seconds.

── Bytes ─────────────────────────────────────────────────────────────────────
None of the 6 bytes came.
expected  6 bytes  b'second'
received  0 bytes  b''
                     ^ first difference

offset               0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f
00000000  expected  73 65 63 6f 6e 64
          received  –
                    ^^

── What happened, from top to bottom ─────────────────────────────────────────
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

── What your program was doing ───────────────────────────────────────────────
echo_server was waiting in recv:
  line 10, in echo_server:  data = connection.recv(4096)
It had 2 sockets open.
The end of what it printed:
  | listening

── The likely mistake ────────────────────────────────────────────────────────
accept once (mistake 25)
The server accepts one connection and never calls accept again.
Seen here: accept was called once, on line 8, and two clients connected.
Hint 1: Which of your lines runs for each client?
For a stronger hint, run in a new cell: from autograder import hint; hint(2)
Reread: 06 connect() and accept(), Why accept returns a new socket
It could also be: serial where concurrent is asked (mistake 28).

── See it yourself ───────────────────────────────────────────────────────────
In one terminal:
  autograder run NOTEBOOK echo_server 127.0.0.1 7007
In a second terminal:
  printf 'one' | nc 127.0.0.1 7007
In a third terminal:
  printf 'second' | nc 127.0.0.1 7007
Stop nc with Ctrl-C.
"""
    )


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (histories.echo, "All 5 steps passed."),
        (histories.second_client_waits, "Step 6 failed: client 2 expected 6 bytes, and nothing came."),
        (histories.crash, "Step 3 failed: client 2 tried to connect, but your program crashed."),
        (
            histories.spinning,
            "Step 3 failed: the client expected end of file, but your program is running in circles without waiting.",
        ),
        (histories.wrong_bytes, "Step 2 failed: the client expected 4 bytes, and other bytes came."),
        (
            histories.datagrams,
            "Step 4 failed: the client expected a datagram of 0 bytes, but your program had ended.",
        ),
        (
            lambda: histories.six_megabytes(2_000_000),
            "Step 3 failed: the client expected 6,000,000 bytes, and only 2,000,000 bytes came.",
        ),
    ],
)
def test_the_headline_says_what_went_wrong(make, sentence):
    assert headline(make()) == sentence


@pytest.mark.parametrize(
    ("actor", "text", "told"),
    [
        ("client", "half-closes: it will send no more", "the client tried to half-close"),
        ("client 2", "connects to 127.0.0.1 port 1", "client 2 tried to connect to 127.0.0.1 port 1"),
        ("program", "listens at ::1 port 7", "the program should have listened at ::1 port 7"),
        ("server", "accepts the program's connection", "the server tried to accept the program's connection"),
        ("check", "expects the call flow socket", "the check expected the call flow socket"),
        ("client", "replies with a datagram", "the client tried to reply with a datagram"),
        ("client", "is refused at 127.0.0.2 port 7", "the client should have been refused at 127.0.0.2 port 7"),
    ],
)
def test_a_step_is_told_afterwards(actor, text, told):
    story = histories.Story()
    story.step(text, actor, Outcome.RESET, passed=False)
    assert headline(story.exchange()) == f"Step 1 failed: {told}, and the connection was reset."


QUIET = "expects silence: nothing comes, and the connection stays open"


@pytest.mark.parametrize(
    ("text", "outcome", "received", "told"),
    [
        (QUIET, Outcome.EOF, b"", "the client expected silence, but the connection was closed (end of file)"),
        (QUIET, Outcome.DATA, b"hello", "the client expected silence, but 5 bytes came"),
        (
            "expects silence: no datagram comes",
            Outcome.DATA,
            b"",
            "the client expected silence, but an empty datagram came",
        ),
        ("expects a reset", Outcome.DATA, b"x", "the client expected a reset, and 1 byte came"),
        (
            "repeats what it reads, as it reads it, until the program ends its side",
            Outcome.SILENCE,
            None,
            "the client repeated what it read and waited for the program to end its side, but nothing happened",
        ),
    ],
)
def test_a_step_without_expected_bytes_is_told_in_a_good_sentence(text, outcome, received, told):
    story = histories.Story()
    story.step(text, "client", outcome, passed=False, received=received)
    assert headline(story.exchange()) == f"Step 1 failed: {told}."


def test_what_explains_a_step_is_not_told_twice():
    story = histories.Story()
    story.step(QUIET, "client", Outcome.EOF, passed=False)
    told = as_text(story.exchange(), ())
    assert told.count("nothing comes, and the connection stays") == 1, told


def test_the_readme_and_the_assignments_name_the_hints_as_feedback_does():
    assert STRONGER.format(2).endswith("from autograder import hint; hint(2)")
    for path in ("README.md", "source/03-call-flow/03-call-flow.ipynb"):
        assert "`hint(2)` and `hint(3)`" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("outcome", [met for met in Outcome if met not in (Outcome.DONE,)])
def test_each_outcome_has_words_of_its_own(outcome):
    story = histories.Story()
    story.step("expects 5 bytes", outcome=outcome, passed=False, expected=b"hello")
    words = instead(story.exchange().steps[0])
    assert words
    others = [met for met in Outcome if met not in (Outcome.DONE, outcome)]
    assert words not in [instead(replace(story.exchange().steps[0], outcome=met)) for met in others]
    assert words in as_text(story.exchange(), ()).replace("\n", " ")


def test_a_long_run_of_passed_steps_is_a_number():
    story = histories.Story()
    for number in range(200):
        story.step(f"sends byte {number}")
    story.step("expects 200 bytes", outcome=Outcome.EOF, passed=False, expected=b"x" * 200, received=b"x")
    drawn = as_text(story.exchange(), ())
    assert "  4. ✓ client sends byte 3\n       … 191 steps passed …\n196. ✓ client sends byte 195\n" in drawn
    assert "201. ✗ client expects 200 bytes" in drawn


def test_a_crash_shows_the_students_line_the_exception_and_the_exit_status():
    assert (
        "echo_server crashed, exit status 1 (an error):\n"
        "  line 10, in echo_server:  data = connection.recv(4096)\n"
        "  ConnectionResetError: [Errno 104] Connection reset by peer\n"
    ) in as_text(histories.crash(), ())


def test_without_a_finding_it_says_so_and_what_was_seen():
    drawn = as_text(histories.crash(), ()).replace("\n", " ")
    assert "None of the mistakes this course knows by name fits. What was seen: The program had ended" in drawn


@pytest.mark.parametrize(("hint", "shown"), [(0, 1), (1, 1), (2, 2), (3, 3), (9, 3)])
def test_stronger_hints_come_on_demand(hint, shown):
    drawn = as_text(histories.second_client_waits(), FOUND, hint=hint)
    assert re.findall(r"Hint (\d)", drawn) == [str(number) for number in range(1, shown + 1)]
    assert ("import hint" in drawn) == (shown < 3)


def test_in_html_the_stronger_hints_are_folded():
    drawn = as_html(histories.second_client_waits(), FOUND)
    second, third = (drawn.index(hint) for hint in ONCE.hints[1:])
    assert drawn.index("<summary>A second hint</summary>") < second < third
    assert drawn.count("<details>") == 3
    assert "<details open" not in drawn


def test_colour_is_only_added():
    plain = as_text(histories.second_client_waits(), FOUND)
    assert "\x1b" not in plain
    coloured = as_text(histories.second_client_waits(), FOUND, color=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


class Nested(HTMLParser):
    """Fails on an element that is closed out of order; collects element names."""

    VOID = frozenset({"rect", "line", "path", "circle"})

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("make", EVERY)
def test_html_is_one_well_nested_element_without_scripts(make):
    parser = Nested()
    parser.feed(as_html(make(), FOUND))
    assert parser.open == []
    assert parser.seen[0] == "div"
    assert "script" not in parser.seen


@pytest.mark.parametrize("make", FAILING)
def test_html_and_text_tell_the_same(make):
    told, page = as_text(make(), FOUND), as_html(make(), FOUND)
    words = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    for heading in re.findall(r"^── (.*?) ─+$", told, flags=re.MULTILINE):
        assert f"<h4>{heading}</h4>" in words


def test_what_a_program_says_cannot_become_markup_or_control_the_terminal():
    evil = "</style></svg><script>alert(1)</script>\x1b]0;title\x07\u202e\x00"
    line = Line("x", 1, evil, evil)
    program = ProgramState(
        running=False, exit_status=-9, exception=evil, traceback=(line,), output=evil * 3, returned=evil
    )
    story = histories.Story()
    story.step(evil, evil, Outcome.DATA, passed=False, detail=evil, expected=evil.encode(), received=b"\x1b")
    exchange = story.exchange(function=evil, program=program)
    page, text = as_html(exchange, ()), as_text(exchange, ())
    assert "<script" not in page
    assert page.count("</style>") == page.count("<style>") == 2
    assert set("\x1b\x07\u202e\x00").isdisjoint(page + text)


def test_a_flood_of_output_is_cut():
    program = ProgramState(output="".join(f"line {number} {'x' * 1000}\n" for number in range(10_000)))
    story = histories.Story()
    story.step("expects 5 bytes", outcome=Outcome.SILENCE, passed=False, expected=b"hello")
    drawn = as_text(story.exchange(program=program), ())
    assert "… 9,988 lines before this …" in drawn
    assert len(drawn) < 6_000


@pytest.mark.parametrize("make", EVERY)
def test_no_line_of_text_but_a_command_is_wider_than_a_terminal(make):
    for line in as_text(make(), FOUND).splitlines():
        assert len(line) <= 78 or line.startswith("  python3 -c ")


@pytest.mark.parametrize("make", EVERY)
def test_the_same_history_is_told_the_same(make):
    assert as_text(make(), FOUND) == as_text(make(), FOUND)
    assert as_html(make(), FOUND) == as_html(make(), FOUND)


def test_another_process_with_other_hashes_tells_the_same():
    program = (
        "import sys; sys.path.insert(0, 'tests'); import histories; from autograder.feedback import as_html;"
        "print(hash(as_html(histories.three_clients(), ())) and as_html(histories.three_clients(), ()), end='')"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, timeout=60
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_values_are_compared_as_python_writes_them():
    told = report(histories.daytime_client(), ())
    assert told.difference is None
    assert told.values == (
        "expected  'Tue, 24 Nov 2026'",
        "received  'Tue, '",
        "                ^ first difference",
    )


def test_bytes_that_were_returned_are_compared_as_bytes():
    story = histories.Story()
    story.step("expects", outcome=Outcome.VALUE, passed=False, expected=b"ab", received=b"ba")
    assert "These are the 2 bytes expected, in reverse order." in as_text(story.exchange(), ())


def test_a_program_at_another_port_is_told_so():
    exchange = replace(histories.second_client_waits(), bound=("127.0.0.1", 8080))
    assert "It was told to use port 20123, and uses port 8080." in as_text(exchange, ())


def test_words():
    assert [quantity(0), quantity(1), quantity(6_000_000)] == ["0 bytes", "1 byte", "6,000,000 bytes"]
    assert literal(b"hello", 5) == "b'hello'"
    assert literal(b"The quick brown fox", 19) == "19 bytes b'The quick …'"
    assert literal(b"\xa7" * 1024, 6_000_000) == "6,000,000 bytes"
    assert printable("a\tb\u202e\ud800é汉") == "a\\tb\\u202e\\ud800é汉"
    assert output("one\r\n\x1b[31mtwo\x1b[0m\n\n") == "one\ntwo"
    assert exit_status(0) == "exit status 0 (no error)"
    assert exit_status(-9) in ("ended by the signal SIGKILL (9)", "ended by signal 9")
    assert exit_status(-250) == "ended by signal 250"


def test_the_brief_form_says_what_failed_and_why_without_the_picture():
    from autograder import feedback, mistakes

    exchange = histories.second_client_waits()
    brief = feedback.as_brief(exchange, mistakes.recognise(exchange))
    assert brief.startswith("✗ Step ")
    assert "── What your program was doing" in brief
    assert "Hint 1" in brief or "None of the mistakes" in brief
    assert "What happened, from top to bottom" not in brief


def plain_function(**rest: object) -> Exchange:
    story = histories.Story()
    story.step("expects that f(1) is 2", "check", Outcome.VALUE, passed=False, expected_value="2", received_value="3")
    program = ProgramState(running=False, **rest)  # type: ignore[arg-type]
    return story.exchange(function="f", role="function", transport="none", program=program, given=None, bound=None)


@pytest.mark.parametrize("tell", [as_text, as_html])
def test_a_plain_function_has_no_ladder_and_no_program_that_ended(tell):
    told = " ".join(tell(plain_function(), ()).split())
    assert "ladder" not in told.lower().replace(".ladder", "")
    assert "What happened, from top to bottom" not in told
    assert "had ended" not in told
    assert "What your program was doing" not in told
    assert "Compare expected and received, byte by byte; work out on paper what your function does with these" in told


def test_a_plain_function_that_crashed_shows_where():
    told = as_text(plain_function(exception="struct.error: no", traceback=(Line("x", 3, "f", "pack()"),)), ())
    assert "f crashed:\n  line 3, in f:  pack()\n  struct.error: no\n" in told
    assert "Work out on paper" in told


def test_what_was_seen_ends_in_a_stop():
    story = histories.Story()
    story.step("expects that f returns", "check", Outcome.ERROR, passed=False, detail="It raised KeyError: 'a'")
    assert "What was seen: It raised KeyError: 'a'. Read the ladder" in as_text(story.exchange(), ()).replace("\n", " ")


def test_an_end_that_never_came_is_told_so():
    story = histories.Story()
    text = "reads until the end, at most 65,536 bytes"
    story.step(text, outcome=Outcome.SILENCE, passed=False, received=b"hello")
    assert headline(story.exchange()) == (
        "Step 1 failed: the client tried to read until the end, at most 65,536 bytes, and the end never came."
    )
