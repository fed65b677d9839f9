"""The package's shape: imports point one way, and few modules open sockets or start processes."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"

LAYERS = (
    (
        "exchange",
        "kernel",
        "calls",
        "seed",
        "course",
        "jupyter",
        "plain",
        "limits",
        "shell",
        "seccomp",
        "names",
        "cuts",
        "scripts",
    ),
    ("words", "program", "finding", "steady", "notebooks", "reports", "verdict"),
    ("difference", "reproduction", "expectations", "ladder", "displayed", "entry", "submission"),
    ("mistakes", "guest"),
    ("feedback",),
    ("check",),
    ("recorder", "child", "sandbox"),
    ("session", "execution"),
    ("standin",),
    ("trial",),
    ("connection", "datagram"),
    ("client",),
    ("peers",),
    ("meeting", "expect"),
    ("widgets",),
    ("worker", "trusted"),
    ("gradebook", "pages", "rehearsal", "lab", "doctor"),
    ("release",),
    ("grading",),
    ("report",),
    ("__init__", "__main__"),
)
"""Bottom to top. A module, or a package's modules together, imports from the layers below its own only."""

OPENERS = {
    "client": "reference clients and servers meet students' programs",
    "peers": "a reference server may have a full queue, or not be there",
    "doctor": "tries loopback for real",
    "widgets": "live pictures show real sockets and what the kernel says of them",
}
"""The modules that open sockets, or the packages, and why."""

STARTERS = {
    "child": "a student's program runs in a process of its own",
    "jupyter": "Jupyter's own commands put it in order",
    "lab": "becomes JupyterLab",
    "sandbox": "a student's notebook, and the process that decides a grade, run behind walls",
}
"""The modules that start processes, and why."""

CONSTRUCTORS = {"socket", "create_connection", "create_server", "socketpair", "fromfd"}
PROCESSES = {"subprocess", "multiprocessing"}
STARTING = {"fork", "forkpty", "posix_spawn", "posix_spawnp", "system", "popen", "execv", "execve", "execvp", "spawnv"}


def modules() -> dict[str, ast.Module]:
    """Each module by its name in the package ("ladder.rows"; a package's __init__ by the package's name)."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts if parts == ("__init__",) or parts[-1] != "__init__" else parts[:-1])
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """The modules of ours that a module imports, wherever in it the import stands."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively, line {node.lineno}"
            targets = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            parts = target.split(".")
            if parts[0] == "autograder":
                yield next(
                    (inner for end in (3, 2) if (inner := ".".join(parts[1:end])) in MODULES), "__init__"
                )  # fmt: skip


def layer(name: str) -> int:
    top = name.split(".")[0]
    found = [number for number, names in enumerate(LAYERS) if top in names]
    assert len(found) == 1, f"{top} must stand in LAYERS once"
    return found[0]


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name):
    for target in imports(name):
        inside = target.split(".")[0] == name.split(".")[0]
        assert inside or layer(target) < layer(name), f"{name} must not import {target}"


def test_no_imports_in_a_circle():
    graph = {name: set(imports(name)) - {name} for name in MODULES}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_every_layer_names_modules_that_exist():
    assert {name for names in LAYERS for name in names} == {name.split(".")[0] for name in MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_opens_with_what_it_owns(name):
    assert ast.get_docstring(MODULES[name])


def test_only_listed_modules_open_sockets():
    opening = {name for name in MODULES if _opens_sockets(MODULES[name])}
    assert {name if name in OPENERS else name.split(".")[0] for name in opening} == set(OPENERS)


def test_only_listed_modules_start_processes():
    assert {name for name in MODULES if _starts_processes(MODULES[name])} == set(STARTERS)


def _opens_sockets(tree: ast.Module) -> bool:
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return bool(called & {f"socket.{name}" for name in CONSTRUCTORS})


def _starts_processes(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name.split(".")[0] in PROCESSES for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in PROCESSES:
            return True
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {f"os.{name}" for name in STARTING}:
            return True
    return False
