"""Not one of the sixty: counts the 4 bytes of the length towards the limit, which is for the payload."""

import socketserver
import struct

FAILS = ("swap-pieces",)
NAMED = None

HEADER_SIZE = 4


class SwapHandler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            header = self.rfile.read(HEADER_SIZE)
            if len(header) < HEADER_SIZE:
                return
            (size,) = struct.unpack("!I", header)
            if HEADER_SIZE + size > LONGEST:
                return
            payload = self.rfile.read(size)
            if len(payload) < size:
                return
            self.wfile.write(header + payload[::-1])


class SwapServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def swap(host, port):
    with SwapServer((host, port), SwapHandler) as server:
        server.serve_forever()
