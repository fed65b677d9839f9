"""Right: socketserver, one request after another in echo and answer, in threads in carry."""

import socket
import socketserver


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            self.data = self.request.recv(1024)
            if not self.data:
                break
            self.request.sendall(self.data)


class CarryHandler(EchoHandler):
    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass


class AnswerHandler(socketserver.StreamRequestHandler):
    def handle(self):
        line = b""
        while not line.endswith(b"\r\n"):
            byte = self.rfile.read(1)
            if not byte:
                return
            line += byte
        self.wfile.write(b"%d\r\n" % (len(line) - len(b"\r\n")))
        self.request.shutdown(socket.SHUT_WR)
        while self.rfile.read(4096):
            pass


def echo(host, port):
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer((host, port), EchoHandler) as tcp:
        tcp.serve_forever()


def carry(host, port):
    class CarryServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
        allow_reuse_address = True

    with CarryServer((host, port), CarryHandler) as tcp:
        tcp.serve_forever()


def answer(host, port):
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer((host, port), AnswerHandler) as tcp:
        tcp.serve_forever(poll_interval=0.1)
