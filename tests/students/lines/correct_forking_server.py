"""Right: socketserver's ForkingMixIn, which does os.fork and collects the children itself."""

import os
import socketserver


class MirrorHandler(socketserver.BaseRequestHandler):
    def setup(self):
        self.rest = b""
        print("process", os.getpid(), "serves", self.client_address)

    def handle(self):
        try:
            while part := self.request.recv(65536):
                *complete, self.rest = (self.rest + part).split(b"\r\n")
                self.request.sendall(b"".join(one.decode()[::-1].encode() + b"\r\n" for one in complete))
                if len(self.rest) > LONGEST:
                    break
        except ConnectionError:
            pass


class ForkingServer(socketserver.ForkingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    max_children = 100


def mirror(host, port):
    with ForkingServer((host, port), MirrorHandler) as forking:
        forking.serve_forever()
