"""Row 42: orphans: processes left by a cell and by the server, in sessions of their own."""

# cell: after echo-server
import os
import subprocess
import sys

WAIT = [sys.executable, "-c", "import threading; threading.Event().wait()"]
subprocess.Popen(WAIT, start_new_session=True)
subprocess.Popen(["setsid", "nohup", "sh", "-c", "while :; do sleep 1000; done"])
honest = echo_server


def echo_server(host, port):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(WAIT[0], WAIT)
        os._exit(0)
    os.wait()
    honest(host, port)
