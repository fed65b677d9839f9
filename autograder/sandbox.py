"""The sandbox: bubblewrap around the process that decides a grade, and around each process with a student's code.

Owns what these processes see and may do, and starting them. Must not know what they compute.

    grader ── outer ── the trusted process ── inner ── a student's program
                                           └─ inner ── the student's notebook

The outer one has a private network (loopback only), private process numbers, and a small read-only view: the system's
programs, this Python, this package. Nothing of the course is in it. The trusted process makes the inner ones; a
student's program shares its network, so that reference clients reach it, and nothing else.
As root the outer one is made as root, because only root may see root's Python; what runs in it is an unprivileged user.

Sources: bwrap(1); user_namespaces(7); setpriv(1).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder import kernel, limits, seccomp
from autograder.limits import Limits
from autograder.program import Surroundings

HOME = "/submission/home"
"""Where a student's processes start; they share it and SHARED, which they see as /tmp, within one submission."""

SHARED = "/submission/tmp"
PRIVATE = "/grading"
"""Where the trusted process keeps temporary files; the inner ones do not see it."""

UNPRIVILEGED = 0x5000_0000
"""As root, the first of the users that submissions run as: numbers that no system gives to anybody."""

UNPRIVILEGED_COUNT = 0x1000_0000
BETWEEN_LOOKS = 0.05
"""Seconds between two looks at how much memory the programs use."""

DEADLINE = 60.0
"""Seconds until a probe counts as failed."""

_PACKAGE = Path(__file__).resolve().parent
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("alternatives", "ld.so.cache", "mime.types", "services", "protocols", "ssl/certs", "ssl/openssl.cnf")
_OWN_ETC = ("passwd", "group", "hosts", "nsswitch.conf", "resolv.conf")
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"}
_OWN_MODULES = {"PYTHONPATH": str(_PACKAGE.parent)}

Process = subprocess.Popen[bytes]

# -- what is seen ---------------------------------------------------------------------------------------------------


def _seen() -> Iterator[tuple[str, str]]:
    """What the processes see: (where it is, where it appears), outermost first."""
    for name in _SYSTEM:
        if os.path.isdir(name) and not os.path.islink(name):
            yield name, name
    for name in _ETC:
        if os.path.exists(f"/etc/{name}"):
            yield f"/etc/{name}", f"/etc/{name}"
    for name in _OWN_ETC:
        yield str(_PACKAGE / "etc" / name), f"/etc/{name}"
    for folder in _python_folders():
        yield folder, folder
    if not _is_in(_bwrap(), _SYSTEM):
        yield _bwrap(), _bwrap()
    yield str(_PACKAGE), str(_PACKAGE)


def shows(path: Path) -> str:
    """The folder in which students' code would see this one; "" if it would not."""
    whole = os.path.realpath(path)
    folders = [os.path.realpath(origin) for origin, _ in _seen() if os.path.isdir(origin)]
    return next((folder for folder in folders if _is_in(whole, [folder])), "")


def _is_in(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of these folders, or below one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _bwrap() -> str:
    """Where bubblewrap is; inside the outer walls it is there too."""
    return shutil.which("bwrap") or "/usr/bin/bwrap"


def _python_folders() -> list[str]:
    """The folders of this Python and its packages, none inside another or inside the system's."""
    wanted = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, os.path.dirname(sys.executable)]
    wanted += [os.path.dirname(os.path.realpath(sys.executable)), *site.getsitepackages()]
    found: list[str] = []
    for folder in sorted(filter(os.path.isdir, {os.path.normpath(path) for path in wanted}), key=len):
        if not _is_in(folder, (*_SYSTEM, *found)):
            found.append(folder)
    return found


def _parents(paths: Iterable[str]) -> list[str]:
    """Every folder above these, outermost first."""
    return sorted({str(parent) for path in paths for parent in Path(path).parents} - {"/"}, key=len)


def _view() -> list[str]:
    seen = list(_seen())
    words: list[str] = []
    for name in _SYSTEM:
        if os.path.islink(name):
            words += ["--symlink", os.readlink(name), name]
    places = [place for _, place in seen] + [f"{folder}/x" for folder in (HOME, SHARED, PRIVATE, "/tmp")]
    for folder in _parents(places):  # made by hand, because bwrap would let only their owner in
        if not _is_in(folder, _SYSTEM):
            words += ["--perms", "0755", "--dir", folder]
    for origin, place in seen:
        words += ["--ro-bind", origin, place]
    return words


def _tmpfs(place: str, size: int, permissions: str) -> list[str]:
    return ["--perms", permissions, "--size", str(size), "--tmpfs", place]


# -- starting -------------------------------------------------------------------------------------------------------


def _outer(words: list[str], most: Limits) -> list[str]:
    shares = _tmpfs(HOME, most.disk, "0777") + _tmpfs(SHARED, most.disk, "1777") + _tmpfs(PRIVATE, most.disk, "0777")
    apart = ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if sys.platform == "win32":
        raise OSError("the sandbox needs Linux")
    begin = [_bwrap(), *_view(), "--dev", "/dev", "--dir", "/proc", *shares, *apart, "--die-with-parent"]
    if os.geteuid():
        return [*begin, "--unshare-user", "--proc", "/proc", "--remount-ro", "/", "--chdir", HOME, "--", *words]
    # bwrap's own /proc would be covered in places, and the kernel then forbids the inner ones theirs
    mounted = 'mount -t proc proc /proc && mount -o remount,ro,bind / && exec setpriv "$@"'
    user = str(_unprivileged())
    drop = ["--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    return [*begin, "--chdir", HOME, "--", "/bin/sh", "-c", mounted, "sh", *drop, "--", *words]


_starts = itertools.count()


def _unprivileged() -> int:
    """A user for one submission, another for each that is graded at the same time, so that they never meet."""
    mapped = max(
        int(line.split()[0]) + int(line.split()[2]) for line in Path("/proc/self/uid_map").read_text().splitlines()
    )
    number = (os.getpid() * 64 + next(_starts)) % UNPRIVILEGED_COUNT
    return UNPRIVILEGED + number if mapped > UNPRIVILEGED + UNPRIVILEGED_COUNT else 65534


def start_trusted(words: list[str], most: Limits, environment: dict[str, str], *, walls: bool = True) -> Process:
    """Start a trusted process behind the outer walls, with pipes for its standard input, output and errors.

    All that it starts ends with it, and it ends with this process, however that ends. Without `walls` it has this
    process's rights and a temporary folder of its own, and what it starts can outlive it.
    """
    private = {"HOME": PRIVATE, "TMPDIR": PRIVATE, "IPYTHONDIR": f"{PRIVATE}/ipython"}
    return _piped(
        _outer(words, most) if walls else words,
        _ENVIRONMENT | _OWN_MODULES | (private if walls else {}) | environment,
        folder="/" if walls else _bare_folder(),
        buffer=-1,
    )


def _piped(
    words: list[str],
    environment: Mapping[str, str],
    descriptors: tuple[int, ...] = (),
    *,
    folder: str | None = None,
    buffer: int = 0,
) -> Process:
    """Start these words in a session of their own, with pipes; the descriptors are inherited."""
    return subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=buffer,
        start_new_session=True,
        pass_fds=descriptors,
        cwd=folder,
        env=dict(environment),
    )


_folders: list[tempfile.TemporaryDirectory[str]] = []


def _bare_folder() -> str:
    """A new folder for one submission that is graded without walls; it goes when this process ends."""
    _folders.append(tempfile.TemporaryDirectory(prefix="submission-"))
    return _folders[-1].name


def _inner(words: list[str], most: Limits, filtered: int | None, *, network: bool) -> list[str]:
    """The command that runs `words` behind the inner walls; with `network` it shares the trusted process's loopback.

    `filtered` is the descriptor with the filter of system calls.
    """
    load = [] if filtered is None else ["--seccomp", str(filtered)]
    return [
        _bwrap(), *load, "--ro-bind", "/", "/", "--tmpfs", PRIVATE, "--remount-ro", PRIVATE,
        "--dev", "/dev", *_tmpfs("/dev/shm", most.shared_memory, "1777"), "--remount-ro", "/dev", "--proc", "/proc",
        "--bind", HOME, HOME, "--bind", SHARED, SHARED, *_temporary(most),
        "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try",
        *([] if network else ["--unshare-net"]),
        "--disable-userns", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox",
        "--chdir", HOME, "--", *words,
    ]  # fmt: skip


def _temporary(most: Limits) -> list[str]:
    """The inner /tmp: what the submission's processes share, or, where Python itself lies in /tmp, each its own."""
    inside = [place for _, place in _seen() if place.startswith("/tmp/")]
    if not inside:
        return ["--bind", SHARED, "/tmp"]
    above = [folder for folder in _parents(inside) if folder != "/tmp"]
    made = [word for folder in above for word in ("--perms", "0555", "--dir", folder)]
    return _tmpfs("/tmp", most.disk, "1777") + made + [word for place in inside for word in ("--ro-bind", place, place)]


def _start_inner(
    words: list[str], most: Limits, environment: Mapping[str, str], descriptors: tuple[int, ...], *, network: bool
) -> Process:
    """Start `words` behind the inner walls, with pipes; the descriptors are inherited."""
    if not (filtered := seccomp.filter_program()):
        return _piped(_inner(words, most, None, network=network), environment, descriptors)
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(filtered)
        file.seek(0)
        number = file.fileno()
        return _piped(_inner(words, most, number, network=network), environment, (*descriptors, number))


def surroundings(most: Limits, *, walls: bool = True) -> Surroundings:
    """What a student's process finds: the folder it starts in comes last in the module search path."""
    home, temporary = (HOME, "/tmp") if walls else (os.getcwd(), os.getcwd())
    environment = {"HOME": home, "USER": "student", "PYTHONUNBUFFERED": "1", "IPYTHONDIR": f"{temporary}/.ipython"}
    path = (*filter(None, sys.path), home)
    return Surroundings(path, _ENVIRONMENT | environment, home, most.plain() if walls else None)


def start_notebook(most: Limits, descriptors: tuple[int, int], *, walls: bool = True) -> Process:
    """Start the process with the student's notebook; it inherits these descriptors (see `guest`)."""
    words = [sys.executable, "-P", "-s", "-c", _NOTEBOOK, *map(str, descriptors)]
    environment = {**surroundings(most, walls=walls).environment, **_OWN_MODULES}
    if walls:
        return _start_inner(words, most, environment, descriptors, network=False)
    return _piped(words, environment, descriptors)


def end(process: Process) -> None:
    """Kill a process with walls around it, and all behind them, and wait until it is gone."""
    if sys.platform == "win32":
        process.kill()
        return
    for number in kernel.children(process.pid):  # among them the namespace's first, which takes all with it
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)
    process.wait(DEADLINE)


class Inner:
    """The walls around a student's program in grading, as `child` wants them."""

    def __init__(self, most: Limits) -> None:
        self.limits = most
        self._stopped: set[int] = set()
        """The numbers of what put walls up around a program that had to be ended."""

    def start(self, words: list[str], environment: Mapping[str, str], descriptors: tuple[int, ...]) -> Process:
        """Start these words behind the walls, with pipes; the descriptors are inherited."""
        return _start_inner(words, self.limits, environment, descriptors, network=True)

    def surroundings(self) -> Surroundings:
        """What the program finds there."""
        return surroundings(self.limits)

    def family(self, number: int) -> list[int]:
        """The processes behind the walls that process `number`, bwrap, made: the program itself first."""
        first = kernel.children(number)[1:2]  # the namespace's init, which only waits
        return kernel.children(first[0])[1:] if first else []

    def reached(self, number: int, error: str, message: str, status: int | None) -> str:
        """Which limit the program ran into, as a sentence; "" for none."""
        if number in self._stopped:
            return limits.named(self.limits, "MemoryError", "", None)
        return limits.named(self.limits, error, message, status)

    def exit_status(self, status: int) -> int:
        """The exit status, as subprocess gives it, by bwrap's: a signal n that ended what it ran is 128 + n there."""
        return 128 - status if status > 128 else status

    def watch(self) -> None:
        """From now on, end every program of this process's that uses more memory than it may."""
        threading.Thread(target=self._look, name="memory", daemon=True).start()

    def _look(self) -> None:
        never = threading.Event()
        while not never.wait(BETWEEN_LOOKS):
            for number in kernel.started_by(os.getpid()):
                if kernel.memory(kernel.children(number)[2:], self.limits.memory) > self.limits.memory:
                    self._stopped.add(number)
                    if sys.platform == "win32":
                        continue
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(number, signal.SIGKILL)


# -- whether it works -----------------------------------------------------------------------------------------------


def refusal() -> str:
    """Why there is no sandbox here, and what to do about it, in sentences; "" if it works. It is tried for real."""
    if sys.platform == "win32" or sys.platform != "linux":
        return "the sandbox needs Linux: grade on a Linux machine, in a Linux container, or in WSL."
    if shutil.which("bwrap") is None:
        return (
            "bubblewrap is not installed. Install it: sudo apt-get install bubblewrap (Fedora: dnf install bubblewrap)."
        )
    if not kernel.READABLE:
        return "/proc is not mounted here; mount it (in a container: its settings)."
    if not kernel.TELLS_CHILDREN:
        return "this kernel does not tell a process's children (CONFIG_PROC_CHILDREN); use one of a usual distribution."
    try:
        status, said, complaint = _probe()
        if status < 0:  # somebody killed it, which says nothing of the walls
            status, said, complaint = _probe()
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap cannot be started: {error}. {_ALLOW}"
    if status == 0 and said == b"walls\n":
        return ""
    lines = complaint.decode("utf-8", "replace").strip().splitlines() or [f"it ended with status {status}"]
    reason = [line for line in lines if line.startswith("bwrap:")] or lines
    if "disable-userns" in reason[-1]:
        return (
            f"bubblewrap is too old: {reason[-1]}. Version 0.8 or newer is needed (Debian 12, Ubuntu 24.04, Fedora 38)."
        )
    return f"bubblewrap is installed and not allowed to work: {reason[-1]}. {_ALLOW}"


_NOTEBOOK = "from autograder.guest import main; main()"
_TRY = "from autograder.sandbox import try_inner; try_inner()"
_ALLOW = (
    "Allow user namespaces (sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu 24.04; "
    "in a container: in its security profile)."
)


def _probe() -> tuple[int, bytes, bytes]:
    with start_trusted([sys.executable, "-P", "-c", _TRY], Limits(), {}) as probe:
        try:
            said, complaint = probe.communicate(timeout=DEADLINE)
        finally:
            probe.kill()
    return probe.returncode, said, complaint


def try_inner() -> None:
    """Behind the outer walls: put the inner ones up, and say so."""
    with _start_inner(["/bin/true"], Limits(), {}, (), network=True) as process:
        complaint = process.communicate()[1]
    sys.stderr.buffer.write(complaint)
    if process.returncode == 0:
        print("walls")
