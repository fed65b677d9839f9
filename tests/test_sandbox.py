"""The sandbox from inside: what a student's process, and the process that decides a grade, find and may do there."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from autograder import execution, limits, sandbox, seccomp, trusted
from autograder.course import UsageError
from autograder.limits import Limits
from autograder.verdict import Cell, Task

FACTS = """
import ctypes, errno, os, resource, socket, sys

def attempt(deed):
    try:
        return deed() or "done"
    except OSError as error:
        return errno.errorcode[error.errno]

def writable():
    for line in open("/proc/self/mountinfo"):
        place = line.split()[4]
        made = attempt(lambda: os.close(os.open(place + "/x", os.O_CREAT | os.O_WRONLY)))
        if os.path.isdir(place) and made == "done":
            yield place

def filled(folder):
    file, size = os.open(folder + "/full", os.O_CREAT | os.O_WRONLY), 0
    try:
        while True:
            size += os.write(file, bytes(1 << 20))
    except OSError:
        os.close(file)
        os.remove(folder + "/full")
        return size

status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
libc = ctypes.CDLL(None, use_errno=True)
facts = {
    "user": os.getuid(),
    "capabilities": {int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")},
    "privileges": status["NoNewPrivs"].strip(),
    "filter": status["Seccomp"].strip(),
    "environment": sorted(os.environ),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "top": sorted(os.listdir("/")),
    "submission": sorted(os.listdir("/submission")),
    "writable": sorted(set(writable())),
    "namespace": (libc.unshare(0x10000000), errno.errorcode[ctypes.get_errno()]),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
    "limits": [resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in ("NPROC", "NOFILE", "CORE")],
    "vsock": attempt(lambda: socket.socket(40, socket.SOCK_STREAM).close()),
    "raw": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close()),
    "memfd": attempt(lambda: os.close(os.memfd_create("x"))),
    "filled": {place: filled(place) for place in ("/tmp", "/submission/home", "/dev/shm")},
    "own packages": sys.flags.no_user_site == 0,
    "oom": open("/proc/self/oom_score_adj").read().strip(),
}
"""
WRITABLE = {"/dev/shm", "/submission/home", "/submission/tmp", "/tmp"}
SHOW = "\nprint(repr(facts))\n"
HERE = """
import os
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
facts = {
    "capabilities": {int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")},
    "environment": sorted(os.environ),
    "top": sorted(os.listdir("/")),
}
"""
PROGRAM = """
def tell():
    exec(FACTS, globals())
    return repr(facts)
"""
ASK = "from autograder import call\nwith call(tell) as program:\n    print(program.result())\n"


def facts(outputs: list[dict[str, Any]]) -> dict[str, Any]:
    assert outputs, "nothing was printed"
    assert outputs[0]["output_type"] == "stream", outputs[0].get("evalue")
    found: dict[str, Any] = ast.literal_eval(outputs[0]["text"])
    return found


@pytest.fixture(scope="module")
def told(sandbox_needed: None) -> dict[str, dict[str, Any]]:
    """What is found in the student's notebook, in a program of theirs, and in the process that decides."""
    cells = (
        Cell("extra", "notebook", FACTS + SHOW),
        Cell("extra", "program", f"FACTS = {FACTS!r}\n{PROGRAM}"),
        Cell("check", "ask", ASK, 1.0),
        Cell("check", "here", HERE + SHOW, 1.0),
    )
    outputs = execution.execute(Task(cells, "ada")).outputs
    return {"notebook": facts(outputs[0]), "program": facts(outputs[2]), "here": facts(outputs[3])}


@pytest.mark.parametrize("where", ["notebook", "program"])
class TestAStudentsProcess:
    def test_has_no_rights(self, told, where):
        assert told[where]["user"] == 1000
        assert told[where]["capabilities"] == {0}
        assert told[where]["privileges"] == "1"
        assert told[where]["filter"] == "2" or not seccomp.filter_program()
        assert told[where]["oom"] == "1000"

    def test_starts_without_what_its_home_holds(self, told, where):
        assert not told[where]["own packages"]

    def test_makes_no_namespaces_of_its_own(self, told, where):
        assert told[where]["namespace"][0] == -1
        assert told[where]["namespace"][1] in ("ENOSPC", "EPERM")

    def test_sees_a_system_python_and_nothing_of_the_course(self, told, where):
        parts = {Path(path).parts[1] for path in (sys.prefix, sys.base_prefix, str(ROOT / "autograder"))}
        system = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "tmp", "usr"}
        system |= {"grading", "submission"}
        assert set(told[where]["top"]) <= system | parts
        assert told[where]["submission"] == ["home", "tmp"]

    def test_writes_in_three_places_and_so_much(self, told, where):
        assert set(told[where]["writable"]) == WRITABLE
        most = Limits()
        filled = told[where]["filled"]
        assert filled["/dev/shm"] <= most.shared_memory
        assert max(filled["/tmp"], filled["/submission/home"]) <= most.disk

    def test_has_loopback_and_no_other_network(self, told, where):
        assert told[where]["interfaces"] == ["lo"]
        assert told[where]["raw"] == "EPERM"
        assert told[where]["vsock"] == "EAFNOSUPPORT" or not seccomp.filter_program()

    def test_has_an_environment_that_tells_nothing(self, told, where):
        assert set(told[where]["environment"]) <= {
            "HOME", "IPYTHONDIR", "LANG", "LC_CTYPE", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER",
            "PYTHONPATH", "PYTHONUNBUFFERED", "TZ", "USER", "PAGER", "GIT_PAGER", "TERM", "CLICOLOR", "FORCE_COLOR",
            "CLICOLOR_FORCE",
        }  # fmt: skip

    def test_sees_only_its_own_processes(self, told, where):
        assert len(told[where]["processes"]) <= 3

    def test_has_limits(self, told, where):
        most = Limits()
        assert told[where]["limits"] == [(most.processes,) * 2, (most.descriptors,) * 2, (0, 0)]


def test_the_process_that_decides_has_no_rights_either(told):
    assert told["here"]["capabilities"] == {0}
    assert "AUTOGRADER_SEED" in told["here"]["environment"]
    assert told["here"]["top"] == told["notebook"]["top"]


# --- as an ordinary user


@pytest.mark.usefixtures("sandbox_needed")
@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is for Linux")
def test_an_ordinary_user_grades_as_root_does() -> None:
    """Root becomes an ordinary user here, who sees root's Python all the same; an ordinary user is one already."""
    script = (
        "import os\nfrom autograder import execution, verdict\n"
        f"cells = (verdict.Cell('extra', 'x', {FACTS + SHOW!r}), verdict.Cell('check', 'c', 'assert 1', 2.0))\n"
        "made = execution.execute(verdict.Task(cells, 'ada'))\n"
        "print(os.getuid(), made.points)\nprint(made.outputs[0][0]['text'])\n"
    )
    run = subprocess.run(
        [*ordinary_user(), sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False, cwd="/",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    first, second = run.stdout.strip().split("\n")
    user, points = first.split()
    assert int(user) != 0
    assert float(points) == 2.0
    found = ast.literal_eval(second)
    assert (found["user"], found["capabilities"], found["interfaces"]) == (1000, {0}, ["lo"])
    assert set(found["writable"]) == WRITABLE


def ordinary_user() -> list[str]:
    """The words that start others as a user without rights; none if that is what we are.

    The folders above Python and the course may be root's alone: in a mount namespace of its own they are replaced by
    ones that let everybody through.
    """
    if sys.platform == "win32" or os.geteuid():
        return []
    shown = [sys.prefix, sys.base_prefix, str(ROOT)]
    closed = sorted({str(one) for path in shown for one in Path(path).parents if not one.stat().st_mode & 0o001})
    hidden = [path for path in shown if any(path.startswith(f"{one}/") for one in closed)]
    lines = ["set -e", "mount -t tmpfs -o mode=755 tmpfs /mnt"]
    for number, path in enumerate(hidden):
        lines += [f"mkdir /mnt/{number}", f"mount --bind {path} /mnt/{number}"]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {path}" for path in closed]
    for number, path in enumerate(hidden):
        lines += [f"mkdir -p {path}", f"mount --bind /mnt/{number} {path}"]
    lines.append('exec setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all "$@"')
    return [shutil.which("unshare") or "unshare", "--mount", "/bin/sh", "-c", "\n".join(lines), "sh"]


# --- words and limits


@pytest.mark.parametrize(
    ("error", "message", "status", "words"),
    [
        ("EAGAIN", "[Errno 11] Resource temporarily unavailable", None, "512 processes"),
        ("RuntimeError", "can't start new thread", None, "512 processes"),
        ("MemoryError", "", None, "1,024 MiB of memory"),
        ("EMFILE", "[Errno 24] Too many open files", None, "1,024 descriptors"),
        ("ENOSPC", "[Errno 28] No space left on device", None, "64 MiB of files"),
        ("EFBIG", "[Errno 27] File too large", None, "a file may have 64 MiB"),
        ("ENOSYS", "[Errno 38] Function not implemented", None, "are refused"),
        ("", "", -24, "120 seconds of processor time"),
        ("ValueError", "nothing of the kind", 1, ""),
    ],
)
def test_a_limit_is_named(error, message, status, words):
    said = limits.named(Limits(), error, message, status)
    assert words in said
    assert bool(said) == bool(words)


def test_limits_of_the_course_are_heeded_and_wrong_ones_refused():
    assert trusted.limits_of({"processes": 7}) == Limits(processes=7)
    with pytest.raises(UsageError, match="no limit 'procesess'; the limits are: memory, "):
        trusted.limits_of({"procesess": 7})
    for wrong in (0, -1, 1.5, "7", True):
        with pytest.raises(UsageError, match="must be a whole number from 1 on"):
            trusted.limits_of({"processes": wrong})


def test_the_probe_finds_the_sandbox_here(sandbox_needed):
    assert sandbox.refusal() == ""
