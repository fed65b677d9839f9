"""The machine that makes mutants: each operator on a small function, and all of them on the course's solutions."""

from __future__ import annotations

import ast

import exercise
import pytest
from mutants import Mutant, equivalents, mutants

SERVER = '''\
def serve(host, port):
    """Say "hello" to each client."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        while True:
            connection, _ = listener.accept()
            try:
                connection.sendall(b"hello\\r\\n")
            except ConnectionError:
                continue
            connection.shutdown(socket.SHUT_WR)
'''


def changes(source: str, operator: str) -> list[tuple[str, str]]:
    """What an operator makes of a text: the lines before and after."""
    return [(one.before, one.after) for one in mutants("tiny", source) if one.operator == operator]


def becomes(body: str, operator: str) -> list[str]:
    """What an operator makes of a function's only statement."""
    return [after for _, after in changes(f"def f(x, y, sock):\n    {body}", operator)]


@pytest.mark.parametrize(
    ("body", "operator", "expected"),
    [
        ("sock.sendall(x)", "drop-call", ["pass"]),
        ("raise ValueError('no')", "drop-raise", ["pass"]),
        ("sock.sendall(x)", "send", ["sock.send(x)"]),
        ("sock.recvfrom(512)", "datagram-size", ["sock.recvfrom(16)", "sock.recvfrom(4)"]),
        ("x = SOCK_STREAM", "socket", ["x = SOCK_DGRAM"]),
        ("x = socket.AF_INET", "socket", ["x = socket.AF_INET6"]),
        ("x = socket.SO_REUSEADDR", "option", ["x = socket.SO_REUSEPORT"]),
        ("sock.shutdown(SHUT_WR)", "shutdown", ["sock.shutdown(SHUT_RD)", "sock.shutdown(SHUT_RDWR)"]),
        ("sock.connect((x, y))", "address", ["sock.connect(('127.0.0.1', y))", "sock.connect((x, y + 1))"]),
        ("sock.sendto(b'', (x, y))", "address", ["sock.sendto(b'', ('127.0.0.1', y))", "sock.sendto(b'', (x, y + 1))"]),
        ("while data := sock.recv(1): x(data)", "once", ["if (data := sock.recv(1)):"]),
        ("while True: x()", "once", ["for _ in range(1):"]),
        ("while x: break", "loop-jump", ["continue"]),
        ("while x: continue", "loop-jump", ["break"]),
        ("return x < y", "comparison", ["return x <= y"]),
        ("return x == y", "comparison", ["return x != y"]),
        ("return not x", "not", ["return x"]),
        ("return x and y", "and-or", ["return x or y"]),
        ("x = 7", "number", ["x = 8", "x = 6"]),
        ("x = True", "number", []),
        ("return x + y", "arithmetic", ["return x - y"]),
        ("return x << y", "arithmetic", ["return x >> y"]),
        ("x &= y", "arithmetic", ["x |= y"]),
        ("return x[y:]", "slice", ["return x[y + 1:]", "return x[y - 1:]"]),
        (r"return b'a\r\n'", "constant", [r"return b'a\n'", r"return b'`\r\n'"]),
        ("return b''", "constant", ["return b'x'"]),
        ("return 'big'", "constant", ["return 'cig'"]),
        ("return x.encode('ascii')", "encoding", ["return x.encode('utf-16')"]),
        ("return x.decode('utf-8')", "encoding", ["return x.decode('latin-1')"]),
        (
            "return pack('!HB', x, y)",
            "format",
            [f"return pack('{other}', x, y)" for other in ("=HB", "<HB", "!hB", "!Hb")],
        ),
        ("return x.to_bytes(2, 'big')", "byte-order", ["return x.to_bytes(2, 'little')"]),
        ("return socket.htons(x)", "conversion", ["return x"]),
        ("return x", "none", ["return None"]),
        ("return None", "none", []),
        ("return", "none", []),
    ],
)
def test_an_operator_makes_just_these(body, operator, expected):
    assert becomes(body, operator) == expected


def test_a_bind_is_made_for_other_addresses():
    assert becomes("sock.bind((x, y))", "address") == [
        "sock.bind(('', y))",
        "sock.bind(('127.0.0.1', y))",
        "sock.bind((x, 0))",
        "sock.bind((x, y + 1))",
    ]


def test_a_with_that_is_dropped_leaves_its_body_and_its_name():
    went = "with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:"
    came = "listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)"
    assert changes(SERVER, "drop-with") == [(went, came)]
    assert becomes("with sock: x()", "drop-with") == [""]
    assert becomes("with x, y: sock()", "drop-with") == ["with y:", "with x:"]
    assert becomes("with x as a, y as b: sock()", "drop-with") == ["a = x / with y as b:", "with x as a: / b = y"]


def test_a_try_loses_its_handler_and_keeps_what_else_it_does():
    assert changes(SERVER, "drop-handler") == [("try: / except ConnectionError: / continue", "")]
    tried = "def f():\n    try:\n        a()\n    except A:\n        b()\n"
    both = tried + "    except B:\n        c()"
    assert changes(both, "drop-handler") == [("except A: / b()", ""), ("except B: / c()", "")]
    last = tried + "    else:\n        c()\n    finally:\n        d()"
    assert changes(last, "drop-handler") == [("except A: / b() / else:", "")]


def test_a_handler_of_connection_errors_hears_of_one_only():
    heard = [after for _, after in changes(SERVER, "narrow-handler")]
    assert heard == ["except ConnectionResetError:", "except BrokenPipeError:"]


def test_a_call_on_a_socket_changes_places_with_what_follows():
    option = "listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)"
    bind = "listener.bind((host, port))"
    assert changes(SERVER, "order") == [
        (f"{option} / {bind}", f"{bind} / {option}"),
        (f"{bind} / while True:", f"while True: / {bind}"),
    ]


def test_some_texts_are_left_alone():
    assert not mutants("tiny", 'def f(x):\n    """Says \'big\' + 1."""')
    assert not becomes("sock.recv(4096)", "number")
    assert becomes("sock.recv(4 - x)", "number")
    assert not becomes("raise ValueError('no' + str(1))", "number")
    assert not becomes("raise ValueError('no' + str(1))", "constant")


def test_methods_and_what_stands_outside_of_functions_have_names():
    found = mutants("tiny", "SIZE = 4\n\nclass Reader:\n    def more(self):\n        return self.rest")
    assert [one.name for one in found] == ["module:number:1", "module:number:2", "Reader.more:none:1"]


def test_a_text_is_made_once():
    found = mutants("tiny", "def f(x, y):\n    return x[y - 1:]")
    texts = [one.source for one in found]
    assert len(set(texts)) == len(texts)
    assert "def f(x, y):\n    return x[y - 2:]" in texts


def test_a_line_counts_in_the_original():
    lines = {one.operator: one.line for one in mutants("tiny", SERVER) if one.number == 1}
    assert (lines["drop-with"], lines["once"], lines["drop-handler"], lines["shutdown"]) == (3, 6, 8, 12)
    original = {line.strip() for line in ast.unparse(ast.parse(SERVER)).splitlines()}
    assert all(set(one.before.split(" / ")) <= original for one in mutants("tiny", SERVER))


def test_an_edit_elsewhere_leaves_names_as_they_are():
    names = {one.name for one in mutants("tiny", SERVER)}
    more = SERVER.replace("            try:\n", "            served += 1\n            try:\n")
    assert names < {one.name for one in mutants("tiny", more)}
    other = "def other(x):\n    return x + 1\n\n\n"
    assert names == {one.name for one in mutants("tiny", other + SERVER) if one.function == "serve"}


def of_the_course() -> list[tuple[Mutant, str]]:
    """Every mutant of the reference solutions, with the original."""
    cells = [(name, cell.source) for name in exercise.exercises() for cell in exercise.cells(name) if cell.solution]
    return [(mutant, source) for name, source in cells for mutant in mutants(name, source)]


COURSE = of_the_course()


def test_every_mutant_compiles_and_differs_from_the_original():
    for mutant, source in COURSE:
        compile(mutant.source, mutant.name, "exec")
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(source)), mutant.name
        assert mutant.before != mutant.after, mutant.name


def test_names_are_unique_and_the_order_is_the_same_each_time():
    names = [(mutant.exercise, mutant.name) for mutant, _ in COURSE]
    assert len(set(names)) == len(names)
    assert [mutant for mutant, _ in of_the_course()] == [mutant for mutant, _ in COURSE]


def test_every_equivalent_is_a_mutant_and_has_a_reason():
    for entry in equivalents():
        assert any(entry.fits(mutant) for mutant, _ in COURSE), f"{entry.exercise}/{entry.name} is no mutant any more"
        assert entry.reason
