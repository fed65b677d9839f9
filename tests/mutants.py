"""Mutants: reference solutions with one small fault each, made by machine from the text of a solution cell.

Owns the operators, the mutants' names, and the list of those that no check can tell from the original
(mutants.toml). Must not run anything, nor know what any exercise is about.

Left alone on purpose: sizes given to recv as plain numbers (a right program works with any), docstrings, and what an
exception is raised with (no requirement asks for a text). A mutant whose text is the original's or another mutant's
is dropped, and so is one that does not compile.
"""

from __future__ import annotations

import ast
import difflib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REASONS = Path(__file__).resolve().parent / "mutants.toml"

Value = Any
"""What stands in a field of a node: a node, a list of nodes, or a plain value."""

Edit = tuple[str, str, Value]
"""An operator, a field of the node at hand, and what the operator puts there."""


@dataclass(frozen=True)
class Mutant:
    """A solution cell with one fault.

    `name` is function:operator:n, the n-th of its operator in the function; `line` counts in the original cell;
    `before` and `after` are the lines that differ, without their indentation; `source` is the whole mutated cell.
    """

    exercise: str
    function: str
    operator: str
    number: int
    line: int
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.function}:{self.operator}:{self.number}"


@dataclass(frozen=True)
class Equivalent:
    """Why no check can tell a mutant from the original; `before` and `after` as the mutant had them then."""

    exercise: str
    name: str
    before: str
    after: str
    reason: str

    def fits(self, mutant: Mutant) -> bool:
        return (self.exercise, self.name, self.before, self.after) == (
            mutant.exercise,
            mutant.name,
            mutant.before,
            mutant.after,
        )


def equivalents() -> list[Equivalent]:
    """The entries of mutants.toml. Raises TypeError if one lacks a key, or has one too many."""
    return [Equivalent(**entry) for entry in tomllib.loads(REASONS.read_text(encoding="utf-8"))["equivalent"]]


def mutants(exercise: str, source: str) -> list[Mutant]:
    """Every mutant of a cell's text, in the text's order."""
    tree = ast.parse(source)
    whole, seen, found = ast.unparse(tree), {ast.unparse(tree)}, []
    counts: Counter[tuple[str, str]] = Counter()
    for function, part in _functions(tree):
        for operator, line, text, swapped in _mutated(tree, part):
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            counts[function, operator] += 1
            before, after = swapped or _changed(whole, text)
            found.append(Mutant(exercise, function, operator, counts[function, operator], line, before, after, text))
    return found


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """The functions and methods by name; what stands outside of them is called "module"."""
    for part in tree.body:
        if isinstance(part, ast.ClassDef):
            yield from _functions(part, f"{prefix}{part.name}.")
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + part.name, part
        else:
            yield f"{prefix}module", part


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):  # a continue outside of a loop; an int too long to convert
        return False
    return True


def _changed(whole: str, text: str) -> tuple[str, str]:
    """The lines that differ, indentation aside: those that went and those that came, each joined by " / "."""
    old, new = ([line.strip() for line in one.splitlines()] for one in (whole, text))
    differing = [
        change for change in difflib.SequenceMatcher(None, old, new, False).get_opcodes() if change[0] != "equal"
    ]
    gone = [line for _, start, end, _, _ in differing for line in old[start:end]]
    come = [line for _, _, _, start, end in differing for line in new[start:end]]
    return " / ".join(gone), " / ".join(come)


def _swapped(kept: list[ast.stmt], value: list[ast.stmt]) -> tuple[str, str]:
    """The first lines of two statements that change places, in either order."""
    first, second = (
        ast.unparse(one).splitlines()[0] for one, other in zip(kept, value, strict=True) if one is not other
    )
    return f"{first} / {second}", f"{second} / {first}"


def _mutated(tree: ast.Module, part: ast.stmt) -> Iterator[tuple[str, int, str, tuple[str, str] | None]]:
    """Operator, line, text and swapped lines of each change to a part of the tree; the tree itself stays as it is."""
    for node, line in _visited(part, part.lineno):
        for operator, field, value in _edits(node):
            kept = getattr(node, field)
            setattr(node, field, value)
            text = ast.unparse(ast.fix_missing_locations(tree))
            setattr(node, field, kept)
            yield operator, _line(kept, value, line), text, _swapped(kept, value) if operator == "order" else None


def _visited(node: ast.AST, line: int) -> Iterator[tuple[ast.AST, int]]:
    """A node and those in it that may change, in the text's order, each with its line or that around it."""
    line = getattr(node, "lineno", line)
    yield node, line
    for field, child in _children(node):
        if not _left_alone(node, field, child):
            yield from _visited(child, line)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield field, child


def _line(kept: Value, value: Value, around: int) -> int:
    """The line of the first node in a field that an edit took away, or that of the node around it."""
    if isinstance(kept, list):
        kept = next(one for place, one in enumerate(kept) if place >= len(value) or one is not value[place])
    return getattr(kept, "lineno", around)


# -- the operators --------------------------------------------------------------------------------------------------


def _left_alone(parent: ast.AST, field: str, child: ast.AST) -> bool:
    if isinstance(parent, ast.Raise) or field in ("annotation", "returns", "decorator_list"):
        return True
    if isinstance(parent, ast.Expr) and isinstance(child, ast.Constant):
        return True  # a docstring
    return _called(parent) in ("recv", "recv_into") and isinstance(child, ast.Constant)


def _called(node: ast.AST) -> str:
    """The last name of what a call calls; "" if the node is no call."""
    return _last_name(node.func) if isinstance(node, ast.Call) else ""


def _last_name(node: ast.AST) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _edits(node: ast.AST) -> Iterator[Edit]:
    """Every change to a field of this node, not of the nodes below it."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            for operator, statements in _of_statements(value):
                yield operator, field, statements
        elif isinstance(value, list):
            for place, child in enumerate(value):
                for operator, other in _of_child(node, field, child):
                    yield operator, field, [*value[:place], other, *value[place + 1 :]]
        else:
            for operator, other in _of_child(node, field, value):
                yield operator, field, other


def _of_child(parent: ast.AST, field: str, child: Value) -> Iterator[tuple[str, Value]]:
    if not isinstance(child, ast.AST) or _left_alone(parent, field, child):
        return
    for makes in (_of_constant, _of_name, _of_operator, _of_call, _of_parts):
        yield from makes(parent, field, child)


def _of_statements(body: list[ast.stmt]) -> Iterator[tuple[str, list[ast.stmt]]]:
    for place, statement in enumerate(body):
        for operator, others in _of_statement(statement):
            yield operator, [*body[:place], *others, *body[place + 1 :]] or [ast.Pass()]
        if place + 1 < len(body) and isinstance(statement, ast.Expr) and _called(statement.value) in METHODS:
            yield "order", [*body[:place], body[place + 1], statement, *body[place + 2 :]]


METHODS = {
    *("setsockopt", "bind", "listen", "connect", "settimeout", "setblocking"),
    *("send", "sendall", "sendto", "shutdown", "close", "flush"),
}
"""Calls on a socket, or on a file made of one, whose place among the statements matters."""


def _of_statement(statement: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    match statement:
        case ast.Expr(value=ast.Call()):
            yield "drop-call", []
        case ast.Raise():
            yield "drop-raise", []
        case ast.With(items=items):
            for place in range(len(items)):
                yield "drop-with", _opened(statement, place)
        case ast.Try(handlers=handlers):
            for handler in handlers:
                yield "drop-handler", _without(statement, handler)
        case ast.While(test=ast.Constant(value=True), body=body, orelse=orelse):
            once = ast.Call(ast.Name("range"), [ast.Constant(1)], [])
            yield "once", [ast.For(ast.Name("_"), once, body, orelse)]
        case ast.While(test=test, body=body, orelse=orelse):
            yield "once", [ast.If(test, body, orelse)]
        case ast.Break():
            yield "loop-jump", [ast.Continue()]
        case ast.Continue():
            yield "loop-jump", [ast.Break()]
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "none", [ast.Return(ast.Constant(None))]


def _opened(statement: ast.With, place: int) -> list[ast.stmt]:
    """A with that keeps what one of its items gives, but does not end it."""
    before, dropped, after = statement.items[:place], statement.items[place], statement.items[place + 1 :]
    if dropped.optional_vars is None:
        return [ast.With([*before, *after], statement.body)] if before or after else statement.body
    inner = [ast.With(after, statement.body)] if after else statement.body
    named = [ast.Assign([dropped.optional_vars], dropped.context_expr), *inner]
    return [ast.With(before, named)] if before else named


def _without(statement: ast.Try, handler: ast.ExceptHandler) -> list[ast.stmt]:
    others = [one for one in statement.handlers if one is not handler]
    if others or statement.finalbody:
        orelse = statement.orelse if others else []
        body = statement.body if others else [*statement.body, *statement.orelse]
        return [ast.Try(body, others, orelse, statement.finalbody)]
    return [*statement.body, *statement.orelse]


NAMES = {
    "sendall": ("send", ("send",)),
    "SOCK_STREAM": ("socket", ("SOCK_DGRAM",)),
    "SOCK_DGRAM": ("socket", ("SOCK_STREAM",)),
    "AF_INET": ("socket", ("AF_INET6",)),
    "AF_INET6": ("socket", ("AF_INET",)),
    "SO_REUSEADDR": ("option", ("SO_REUSEPORT",)),
    "SHUT_WR": ("shutdown", ("SHUT_RD", "SHUT_RDWR")),
    "SHUT_RD": ("shutdown", ("SHUT_WR", "SHUT_RDWR")),
    "SHUT_RDWR": ("shutdown", ("SHUT_WR", "SHUT_RD")),
}
"""Names that are taken for others: the operator, and the others."""


def _of_name(parent: ast.AST, field: str, child: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    operator, others = NAMES.get(_last_name(child), ("", ()))
    for other in others:
        yield operator, ast.Attribute(child.value, other) if isinstance(child, ast.Attribute) else ast.Name(other)
    if isinstance(parent, ast.ExceptHandler) and field == "type" and _last_name(child) == "ConnectionError":
        yield "narrow-handler", ast.Name("ConnectionResetError")
        yield "narrow-handler", ast.Name("BrokenPipeError")


OPERATORS: dict[type[ast.AST], tuple[str, type[ast.AST]]] = {
    ast.Lt: ("comparison", ast.LtE),
    ast.LtE: ("comparison", ast.Lt),
    ast.Gt: ("comparison", ast.GtE),
    ast.GtE: ("comparison", ast.Gt),
    ast.Eq: ("comparison", ast.NotEq),
    ast.NotEq: ("comparison", ast.Eq),
    ast.In: ("comparison", ast.NotIn),
    ast.NotIn: ("comparison", ast.In),
    ast.Is: ("comparison", ast.IsNot),
    ast.IsNot: ("comparison", ast.Is),
    ast.And: ("and-or", ast.Or),
    ast.Or: ("and-or", ast.And),
    ast.Add: ("arithmetic", ast.Sub),
    ast.Sub: ("arithmetic", ast.Add),
    ast.Mult: ("arithmetic", ast.FloorDiv),
    ast.FloorDiv: ("arithmetic", ast.Mult),
    ast.LShift: ("arithmetic", ast.RShift),
    ast.RShift: ("arithmetic", ast.LShift),
    ast.BitAnd: ("arithmetic", ast.BitOr),
    ast.BitOr: ("arithmetic", ast.BitAnd),
}
"""Operators that are taken for their neighbours."""


def _of_operator(parent: ast.AST, field: str, child: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if type(child) in OPERATORS:
        operator, other = OPERATORS[type(child)]
        yield operator, other()
    if isinstance(child, ast.UnaryOp) and isinstance(child.op, ast.Not):
        yield "not", child.operand


def _of_parts(parent: ast.AST, field: str, child: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The bounds of a slice, one further and one less far."""
    if isinstance(parent, ast.Slice) and isinstance(child, ast.expr):
        yield "slice", ast.BinOp(child, ast.Add(), ast.Constant(1))
        yield "slice", ast.BinOp(child, ast.Sub(), ast.Constant(1))


ENCODINGS = {"ascii": "utf-16", "utf-8": "latin-1"}
STRUCTS = {"pack", "pack_into", "unpack", "unpack_from", "iter_unpack", "calcsize", "Struct"}


def _of_constant(parent: ast.AST, field: str, child: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if not isinstance(child, ast.Constant):
        return
    value, called = child.value, _called(parent)
    values: list[Value] = []
    operator = "constant"
    match value:
        case bool():
            pass
        case int() if called == "recvfrom":
            operator, values = "datagram-size", [size for size in (16, 4) if size < value]
        case int():
            operator, values = "number", [value + 1, value - 1]
        case str() if called in ("encode", "decode"):
            operator, values = "encoding", [ENCODINGS.get(value, "utf-16")]
        case str() if called in STRUCTS:
            operator, values = "format", list(_formats(value))
        case "big" | "little" if called in ("to_bytes", "from_bytes"):
            operator, values = "byte-order", ["little" if value == "big" else "big"]
        case str():
            values = [value.replace("\r\n", "\n"), *_other_text(value)]
        case bytes():
            values = [value.replace(b"\r\n", b"\n"), *_other_bytes(value)]
    for other in values:
        yield operator, ast.Constant(other)


def _other_text(value: str) -> Iterator[str]:
    yield chr(ord(value[0]) ^ 1) + value[1:] if value else "x"


def _other_bytes(value: bytes) -> Iterator[bytes]:
    yield bytes([value[0] ^ 1]) + value[1:] if value else b"x"


def _formats(value: str) -> Iterator[str]:
    """Formats of struct with another byte order, or with one field signed."""
    if value[:1] in ("!", ">"):
        yield from ("=" + value[1:], "<" + value[1:])
    for place, letter in enumerate(value):
        if letter in "BHIQ":
            yield value[:place] + letter.lower() + value[place + 1 :]


CONVERSIONS = {"htons", "htonl", "ntohs", "ntohl"}


def _of_call(parent: ast.AST, field: str, child: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if _called(child) in CONVERSIONS and isinstance(child, ast.Call):
        yield "conversion", child.args[0]
    if isinstance(child, ast.Tuple) and field == "args" and len(child.elts) == 2 and _called(parent) in ADDRESSES:
        host, port = child.elts
        for make in ADDRESSES[_called(parent)]:
            yield "address", ast.Tuple(list(make(host, port)))


Address = tuple[ast.expr, ast.expr]


def _loopback(host: ast.expr, port: ast.expr) -> Address:
    return ast.Constant("127.0.0.1"), port


def _anywhere(host: ast.expr, port: ast.expr) -> Address:
    return ast.Constant(""), port


def _any_port(host: ast.expr, port: ast.expr) -> Address:
    return host, ast.Constant(0)


def _next_port(host: ast.expr, port: ast.expr) -> Address:
    return host, ast.BinOp(port, ast.Add(), ast.Constant(1))


_TO: tuple[Callable[[ast.expr, ast.expr], Address], ...] = (_loopback, _next_port)
_AT: tuple[Callable[[ast.expr, ast.expr], Address], ...] = (_anywhere, _loopback, _any_port, _next_port)
ADDRESSES = {
    **dict.fromkeys(("bind", "create_server"), _AT),
    **dict.fromkeys(("connect", "connect_ex", "create_connection", "sendto"), _TO),
}
"""Calls that take an address, and the addresses that are taken for the right one."""
