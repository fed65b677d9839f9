"""Right: four processes that accept at one listener"""
import os, socket
def run(host, port, work):
    s = socket.create_server((host, port))
    for _ in range(3):
        if os.fork() == 0:
            break
    while True:
        c, _ = s.accept()
        with c:
            try: work(c)
            except ConnectionError: pass
def repeat(c):
    while d := c.recv(4096): c.sendall(d)
def measure(c):
    d = b""
    while b"\r\n" not in d:
        p = c.recv(100)
        if not p: return
        d += p
    c.sendall(b"%d\r\n" % d.index(b"\r\n"))
    c.shutdown(socket.SHUT_WR)
    while c.recv(1000): pass
def echo(host, port): run(host, port, repeat)
def carry(host, port): run(host, port, repeat)
def answer(host, port): run(host, port, measure)
