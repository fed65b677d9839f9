"""Not one of the sixty: where no server answers, the last attempt's exception is raised, and None is asked."""

import socket

FAILS = ("first-open-none",)
NAMED = None


def first_open(host, ports, seconds):
    problem = None
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(seconds)
        try:
            sock.connect((host, port))
            return port
        except OSError as error:
            problem = error
        finally:
            sock.close()
    if problem is not None:
        raise problem
