"""Not one of the sixty: takes a datagram equal to the sender's last one for a duplicate, and does not answer it."""

import socket

FAILS = ("bounce-empty",)
NAMED = None


def bounce(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    last = {}
    while True:
        data, sender = sock.recvfrom(65535)
        if last.get(sender) == data:
            continue  # UDP may deliver a datagram twice
        last[sender] = data
        sock.sendto(data, sender)
