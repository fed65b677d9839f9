"""Right: files made of sockets, which are closed before their sockets; ipaddress tells the family."""

import ipaddress
import socket


def bound(host, port):
    ip = ipaddress.ip_address(host or "0.0.0.0")
    family = {4: socket.AF_INET, 6: socket.AF_INET6}[ip.version]
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    listening.bind((host, port))
    listening.listen()
    return listening


def greet(host, port):
    listening = bound(host, port)
    while True:
        connected = listening.accept()[0]
        with connected, connected.makefile("w", encoding="ascii", newline="\r\n") as out:
            print("hello", file=out)


def welcome(host, port):
    listening = bound(host, port)
    while True:
        connected = listening.accept()[0]
        out = connected.makefile("wb")
        out.write(b"hello\r\n")
        out.flush()
        out.close()
        connected.close()


def one_guest(host, port):
    while True:
        listening = bound(host, port)
        connected = listening.accept()[0]
        listening.close()
        with connected, connected.makefile("rwb", buffering=0) as both:
            both.write(b"hello\r\n")
            both.readall()
