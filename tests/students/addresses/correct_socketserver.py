"""Right: socketserver's classes, with the address family set before the socket is made."""

import socket
import socketserver


class HelloHandler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"hello\r\n")


class GuestHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.server_close()
        self.wfile.write(b"hello\r\n")
        self.rfile.read()


class Server4(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Server6(Server4):
    address_family = socket.AF_INET6


class GuestServer(socketserver.TCPServer):
    allow_reuse_address = True
    request_queue_size = 1


def greet(host, port):
    with Server4((host, port), HelloHandler) as srv:
        srv.serve_forever()


def welcome(host, port):
    cls = Server6 if ":" in host else Server4
    with cls((host, port), HelloHandler) as srv:
        srv.serve_forever()


def one_guest(host, port):
    while True:
        GuestServer((host, port), GuestHandler).handle_request()
