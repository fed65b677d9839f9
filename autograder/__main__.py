"""The command line `autograder`: reading arguments, calling the module that does the work, exit statuses.

Exit statuses: 0 all is well; 1 the work itself found something wrong (a difference, a submission set aside, a
student's exception); 2 what was asked cannot be done as asked; 3 a fault of the autograder itself.
Must not know how anything is done. Modules are imported when their command runs: --help answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from autograder.course import Course, UsageError, find

FOUND_WRONG = 1
USAGE = 2
OWN_FAULT = 3

EPILOG = """\
exit status:
  0  all is well
  1  the work found something wrong: a difference, a submission set aside, an exception in the program run
  2  what was asked cannot be done as it was asked; the message says what to do
  3  a fault of the autograder itself (AUTOGRADER_DEBUG=1 shows its traceback)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    for stream in (sys.stdout, sys.stderr):  # a pipe on Windows would refuse × and –
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words else len(words)
    options = _parser().parse_args(words[:end])
    options.rest = words[end + 1 :]
    try:
        return int(options.act(options))
    except UsageError as error:
        return _tell(str(error), USAGE)
    except KeyboardInterrupt:
        return _tell("stopped.", FOUND_WRONG)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains at its exit
        return FOUND_WRONG
    except Exception as error:
        if os.environ.get("AUTOGRADER_DEBUG"):
            raise
        reason = f"{type(error).__name__}: {error}"
        return _tell(f"a fault of the autograder itself, not of your work: {reason}\n{_REPORT}", OWN_FAULT)


_REPORT = "Run it again with AUTOGRADER_DEBUG=1 set, and report what it prints."


def _tell(message: str, status: int) -> int:
    print(f"autograder: {message}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Sockets, call by call: the course on your machine, and its autograder.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=EPILOG,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (_add_lab, _add_run, _add_doctor, _add_grade, _add_release, _add_tidy):
        add(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(
    commands: _Commands, name: str, act: Callable[[argparse.Namespace], int], what: str, example: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"example:\n  {example}\n\n{EPILOG}",
    )
    parser.set_defaults(act=act)
    parser.add_argument("--course", type=Path, metavar="DIR", help="the course's folder (default: the one you are in)")
    return parser


def _course(options: argparse.Namespace) -> Course:
    return find(options.course or Path.cwd())


def _add_lab(commands: _Commands) -> None:
    what = "copy new assignments to work/ and open JupyterLab on the course; your own work is never overwritten"
    parser = _command(commands, "lab", _lab, what, "autograder lab --port 8890 -- --ServerApp.ip=0.0.0.0")
    parser.add_argument("--port", type=int, help="the port JupyterLab listens on (default: 8888 or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.usage = "autograder lab [-h] [--course DIR] [--port PORT] [--no-browser] [-- JUPYTERLAB_OPTION ...]"


def _lab(options: argparse.Namespace) -> int:
    from autograder import lab

    course = _course(options)
    ready = lab.prepare(course)
    for repair in ready.repaired:
        print(f"Put in order: {repair}.")
    for assignment in ready.copied:
        print(f"Copied {assignment} to {course.work / assignment}. Work there; release/ stays as it is.")
    for assignment in ready.kept:
        print(f"Your {assignment} is in {course.work / assignment}, as you left it.")
    words = lab.command(course, port=options.port, browser=not options.no_browser, rest=options.rest)
    if lab.is_root():
        print("You are root, as in a container: JupyterLab is told to allow that (--allow-root).")
    print(f"JupyterLab opens on {course.root}; stop it with Ctrl-C.", flush=True)
    return lab.launch(course, words)


def _add_run(commands: _Commands) -> None:
    what = "run one function of a notebook or .py file, so that you can talk to it with nc"
    example = "autograder run work/03-call-flow/03-call-flow.ipynb echo_server 127.0.0.1 7007"
    parser = _command(commands, "run", _run, what, example)
    parser.add_argument("file", type=Path, metavar="FILE", help="a notebook (its checks are left out) or a .py file")
    parser.add_argument("function", metavar="FUNCTION", help="the name of a function that it defines")
    parser.add_argument("arguments", nargs="*", metavar="ARG", help="a number, bytes as \"b'hello'\", or else text")


def _run(options: argparse.Namespace) -> int:
    from autograder import rehearsal

    function = rehearsal.function_of(rehearsal.load(options.file), options.function)
    given = tuple(map(rehearsal.argument, (*options.arguments, *options.rest)))
    print(rehearsal.announcement(function, given), flush=True)
    try:
        value = function(*given)
    except KeyboardInterrupt:
        print("\nstopped.")
        return 0
    except (Exception, SystemExit) as error:
        print(rehearsal.own_traceback(error), file=sys.stderr)
        return FOUND_WRONG
    print(f"{options.function} returned {rehearsal.shown(value)}")
    return 0


def _add_doctor(commands: _Commands) -> None:
    what = "tell what this machine can and cannot do for the course, and how to mend it"
    parser = _command(commands, "doctor", _doctor, what, "autograder doctor --for instructor")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=("student", "instructor"),
        default="student",
        help="whose needs decide the exit status (default: student)",
    )


def _doctor(options: argparse.Namespace) -> int:
    from rich.console import Console

    from autograder import doctor, report

    try:
        course = _course(options)
    except UsageError:
        if options.course:
            raise
        course = None
    found = tuple(doctor.examine(course))
    console = Console(soft_wrap=True, highlight=False)
    for line in report.findings(found):
        console.print(line)
    lacking = [finding for finding in found if not finding.fine and finding.audience in {"student", options.audience}]
    print(
        f"\n{len(lacking)} missing that the {options.audience} needs."
        if lacking
        else f"\nReady for the {options.audience}."
    )
    return FOUND_WRONG if lacking else 0


def _add_grade(commands: _Commands) -> None:
    what = "grade what was handed in: from submitted/ to the gradebook, feedback pages and a table"
    parser = _command(commands, "grade", _grade, what, "autograder grade 03-call-flow --student ada --student bob")
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="an assignment of source/, such as 03-call-flow")
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this student (can be repeated)"
    )
    parser.add_argument("--no-feedback", action="store_true", help="leave feedback/ as it is")
    parser.add_argument("--jobs", type=_at_least_one, metavar="N", help="submissions at a time (default: processors)")
    parser.add_argument(
        "--no-sandbox", action="store_true", help="run students' code with your own rights; every page will say so"
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1, not {number}")
    return number


def _grade(options: argparse.Namespace) -> int:
    from rich.console import Console

    from autograder import grading, report

    course = _course(options)
    with report.progress_bar("grading") as progress:
        results = grading.grade(
            course,
            options.assignment,
            options.student,
            progress,
            feedback=not options.no_feedback,
            sandboxed=not options.no_sandbox,
            jobs=options.jobs,
        )
    Console().print(report.marks(results))
    if any(result.feedback for result in results):
        print(f"Feedback pages: {course.feedback}{os.sep}STUDENT{os.sep}{options.assignment}")
    wrong = list(report.set_aside(results))
    for line in wrong:
        print(line, file=sys.stderr)
    return FOUND_WRONG if wrong else 0


def _add_release(commands: _Commands) -> None:
    what = "generate release/ from source/, without solutions and hidden tests"
    parser = _command(commands, "release", _release, what, "autograder release --check")
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="such as 03-call-flow (default: all)")
    parser.add_argument("--check", action="store_true", help="change nothing; fail on any difference or leak")


def _release(options: argparse.Namespace) -> int:
    from autograder import release, report

    course = _course(options)
    act = release.compare if options.check else release.publish
    changes = act(course, options.assignments)
    for line in report.changes(changes):
        print(line)
    leaks = release.leaks(course, options.assignments)
    for leak in leaks:
        print(f"leak: {leak}", file=sys.stderr)
    if options.check and changes:
        print("release/ is not what source/ gives. Generate it: autograder release", file=sys.stderr)
        return FOUND_WRONG
    if not changes:
        print("release/ is what source/ gives.")
    return FOUND_WRONG if leaks else 0


def _add_tidy(commands: _Commands) -> None:
    what = "bring notebooks of source/ and notebooks/ into normal form"
    parser = _command(commands, "tidy", _tidy, what, "autograder tidy --execute notebooks/01-what-a-socket-is.ipynb")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="notebooks (default: all of both folders)")
    parser.add_argument("--check", action="store_true", help="change nothing; fail on what is not in normal form")
    parser.add_argument("--execute", action="store_true", help="run lectures first, so that their outputs are fresh")


def _tidy(options: argparse.Namespace) -> int:
    from autograder import jupyter, notebooks

    course = _course(options)
    jupyter.prefer_this_environment()
    status = 0
    for path in options.files or (*sorted(course.source.rglob("*.ipynb")), *course.lecture_notebooks()):
        kind: notebooks.Kind = "lecture" if path.resolve().parent == course.lectures else "exercise"
        notebook = notebooks.read(path)
        if options.execute and kind == "lecture":
            print(f"running {path}", flush=True)
            notebook = notebooks.executed(notebook, path.parent)
        normal = notebooks.text(notebooks.normal_form(notebook, kind))
        if normal == path.read_text(encoding="utf-8"):
            continue
        for fault in notebooks.faults(notebook, kind):
            print(f"{path}: {fault}")
        if options.check:
            print(f"{path} is not in normal form. Mend it: autograder tidy {path}", file=sys.stderr)
            status = FOUND_WRONG
        else:
            path.write_bytes(normal.encode("utf-8"))
            print(f"{path}: tidied")
    return status


if __name__ == "__main__":
    sys.exit(main())
