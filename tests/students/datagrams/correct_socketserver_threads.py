"""Right: socketserver's ThreadingUDPServer, and a DatagramRequestHandler's files."""

import socketserver


class Handler(socketserver.DatagramRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.read())


def bounce(host, port):
    server_class = type("Threaded", (socketserver.ThreadingUDPServer,), {"max_packet_size": 2**16})
    with server_class((host, port), Handler) as s:
        s.serve_forever()
