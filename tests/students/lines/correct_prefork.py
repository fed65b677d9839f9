"""Right: twelve processes started before"""
import os, socket
def mirror(host, port):
    s = socket.create_server((host, port))
    for _ in range(11):
        if os.fork() == 0: break
    while True:
        c, _ = s.accept()
        buf = b""
        with c:
            try:
                while len(buf) <= LONGEST:
                    d = c.recv(4096)
                    if not d: break
                    *lines, buf = (buf + d).split(b"\r\n")
                    for l in lines: c.sendall(l.decode()[::-1].encode() + b"\r\n")
            except OSError: pass
