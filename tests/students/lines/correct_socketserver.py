"""Right: socketserver with a thread for each client, and its files."""

import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while True:
                line = b""
                while not line.endswith(b"\r\n"):
                    more = self.rfile.readline(LONGEST + 2 - len(line))
                    if not more:
                        return
                    line += more
                word = line[:-2].decode("utf-8")
                self.wfile.write((word[::-1] + "\r\n").encode("utf-8"))
        except ConnectionError:
            pass


class MirrorServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def mirror(host, port):
    MirrorServer((host, port), Handler).serve_forever()
