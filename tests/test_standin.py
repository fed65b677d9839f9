"""Stand-ins: what a check meets in place of the student's names, in grading."""

from __future__ import annotations

import pytest

from autograder import execution
from autograder.verdict import Cell, Mark, Task, Verdict

pytestmark = pytest.mark.usefixtures("sandbox_needed")

ANSWER = '''
import socket
import struct
import sys


class Table:
    """Something with state."""

    limit = 3

    def __init__(self, *names):
        self.names = list(names)

    def add(self, name, *, twice=False):
        self.names += [name] * (2 if twice else 1)
        return len(self.names)

    def __len__(self):
        return len(self.names)

    def __getitem__(self, key):
        return self.names[key]


class Odd(Exception):
    pass


class NoSuchHost(OSError):
    pass


def echo(value):
    return value


def fails(how):
    if how == "odd":
        raise Odd("of my own")
    if how == "host":
        raise NoSuchHost(2, "nobody there")
    if how == "struct":
        return struct.unpack("!I", b"")
    if how == "unicode":
        return b"\\xff".decode()
    raise NotImplementedError


def prints():
    print("out loud")
    print("aside", file=sys.stderr)


def recv_exactly(sock, size):
    data = b""
    while len(data) < size:
        data += sock.recv(size - len(data))
    return data


LIMIT = 7
'''


def graded(*checks: str) -> Verdict:
    cells = [Cell("setup", "imports", "import socket\nfrom autograder import call, expect")]
    cells += [Cell("answer", "answer", ANSWER)]
    cells += [Cell("check", f"check-{number}", source, 1.0) for number, source in enumerate(checks)]
    return execution.execute(Task(tuple(cells), "ada"))


def missed(made: Verdict) -> list[Mark]:
    return [mark for mark in made.marks if not mark.points]


def test_what_a_check_may_do_with_a_students_names() -> None:
    made = graded(
        "for value in (None, 1, b'x', [1, (2, {3})], {'a': b'b'}, socket.AF_INET, 2.5):\n"
        "    expect.returns(value, echo, value)",
        "table = Table('a')\nassert table.add('b', twice=True) == 3\nassert len(table) == 3 and table[1] == 'b'",
        "assert list(Table('x', 'y')) == ['x', 'y']\nassert Table.limit == 3 and Table('n').names == ['n']",
        "assert LIMIT == 7 and type(LIMIT) is int",
        "expect.raises(OSError, fails, 'host')",
        "expect.raises(ValueError, fails, 'unicode')",
        "expect.raises(NotImplementedError, fails, '')",
        "import struct\nexpect.raises(struct.error, fails, 'struct')",
        "try:\n    fails('odd')\nexcept Exception as error:\n    assert type(error).__name__ == 'Odd'\n"
        "    assert str(error) == 'of my own'\nelse:\n    assert False",
        "ours, theirs = socket.socketpair()\nwith ours, theirs, call(recv_exactly, theirs, 5) as program:\n"
        "    ours.sendall(b'hel')\n    ours.sendall(b'lo and more')\n    program.returns(b'hello')",
        "assert callable(echo) and echo.__name__ == 'echo' and repr(echo) == '<function echo>'",
        "assert not hasattr(Table('a'), 'colour')",
    )
    assert not missed(made)


def test_a_failed_check_tells_the_students_own_line() -> None:
    made = graded("expect.returns(1, fails, 'struct')")
    (mark,) = missed(made)
    assert "Step 1 failed" in mark.reason
    (error,) = [output for output in made.outputs[2] if output["output_type"] == "error"]
    assert "struct.error" in error["evalue"]
    assert "unpack requires a buffer of 4 bytes" in error["evalue"]
    assert 'return struct.unpack("!I", b"")' in error["evalue"]


def test_what_a_function_prints_is_shown_below_the_check_as_in_a_notebook() -> None:
    made = graded("prints()")
    assert [(output["name"], output["text"]) for output in made.outputs[2]] == [
        ("stdout", "out loud\n"),
        ("stderr", "aside\n"),
    ]


def test_names_that_checks_define_are_not_the_students() -> None:
    cells = (
        Cell("setup", "imports", "from autograder import expect\n\ndef helper():\n    return 'ours'"),
        Cell("answer", "answer", "len = print = expect = None\ndef helper():\n    return 'theirs'\nmine = 1"),
        Cell("check", "one", "assert helper() == 'ours' and len([1]) == 1 and expect", 1.0),
        Cell("check", "two", "assert mine == 1", 1.0),
    )
    assert not missed(execution.execute(Task(cells, "ada")))


def test_a_function_that_a_later_cell_replaces_is_the_later_one() -> None:
    cells = (
        Cell("answer", "first", "def f():\n    return 1"),
        Cell("check", "one", "assert f() == 1", 1.0),
        Cell("answer", "second", "def f():\n    return 2\ndel_me = 1"),
        Cell("check", "two", "assert f() == 2 and del_me == 1", 1.0),
        Cell("extra", "third", "del del_me"),
        Cell("check", "three", "try:\n    del_me\nexcept NameError:\n    pass\nelse:\n    assert False", 1.0),
    )
    assert not missed(execution.execute(Task(cells, "ada")))


def test_a_notebook_that_ended_is_there_again_with_all_but_its_end() -> None:
    cells = (
        Cell("answer", "first", "import os\nkept = 5\ndef f():\n    os._exit(1)\ndef g():\n    return kept"),
        Cell("extra", "end", "kept = 6\nos._exit(2)"),
        Cell("check", "ends", "from autograder import expect\nexpect.returns(1, f)", 1.0),
        Cell("check", "goes-on", "expect.returns(5, g)", 1.0),
    )
    made = execution.execute(Task(cells, "ada"))
    assert [mark.points for mark in made.marks] == [0.0, 1.0]
    assert "process ended" in made.outputs[1][0]["evalue"]
    assert "process ended" in made.outputs[2][-1]["evalue"]
