"""Right: socketserver, one client after another; rfile.read(n) waits for n bytes or the end."""

import socketserver
import struct


class FrameHandler(socketserver.StreamRequestHandler):
    wbufsize = -1

    def handle(self):
        while len(header := self.rfile.read(4)) == 4:
            (size,) = struct.unpack("!I", header)
            if size > LONGEST:
                break
            payload = self.rfile.read(size)
            if len(payload) < size:
                break
            self.wfile.write(header)
            self.wfile.write(payload[::-1])
            self.wfile.flush()


class FrameServer(socketserver.TCPServer):
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        print("trouble with", client_address)


def swap(host, port):
    with FrameServer((host, port), FrameHandler) as frames:
        frames.serve_forever()
