"""Right: one selector for all; a client is read only while nothing waits to be sent to it."""

import selectors
import socket

sel_read, sel_write = selectors.EVENT_READ, selectors.EVENT_WRITE


def loop_for_ever(host, port, ready):
    sel = selectors.DefaultSelector()
    listener = socket.create_server((host, port))
    listener.setblocking(False)
    sel.register(listener, sel_read)
    while True:
        for key, _ in sel.select():
            if key.fileobj is listener:
                peer, _ = listener.accept()
                peer.setblocking(False)
                sel.register(peer, sel_read, {"in": b"", "out": b"", "answered": False})
                continue
            try:
                goes_on = ready(key.fileobj, key.events, key.data)
            except BlockingIOError:
                continue
            except ConnectionError:
                goes_on = False
            if goes_on:
                sel.modify(key.fileobj, sel_write if key.data["out"] else sel_read, key.data)
            else:
                sel.unregister(key.fileobj)
                key.fileobj.close()


def repeat_ready(peer, events, state):
    if events == sel_write:
        state["out"] = state["out"][peer.send(state["out"]) :]
        return True
    state["out"] = peer.recv(32768)
    return bool(state["out"])


def answer_ready(peer, events, state):
    if events == sel_write:
        state["out"] = state["out"][peer.send(state["out"]) :]
        if not state["out"]:
            peer.shutdown(socket.SHUT_WR)
        return True
    part = peer.recv(512)
    if not state["answered"]:
        state["in"] += part
        line, end, _ = state["in"].partition(b"\r\n")
        if end:
            state["out"] = str(len(line)).encode("ascii") + end
            state["answered"] = True
    return bool(part)


def echo(host, port):
    loop_for_ever(host, port, repeat_ready)


def carry(host, port):
    loop_for_ever(host, port, repeat_ready)


def answer(host, port):
    loop_for_ever(host, port, answer_ready)
