"""Right: socketserver's classes, and files made of sockets."""

import socket
import socketserver
import threading


class OneByOne(socketserver.TCPServer):
    allow_reuse_address = True


class SideBySide(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Quote(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(QUOTE.encode("ascii") + b"\r\n")


class QuoteByDatagram(socketserver.BaseRequestHandler):
    def handle(self):
        _, sock = self.request
        sock.sendto(QUOTE.encode("ascii") + b"\r\n", self.client_address)


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while data := self.rfile.read1():
                self.wfile.write(data)
        except ConnectionError:
            pass


def get_daytime(host, port):
    with socket.create_connection((host, port)) as sock, sock.makefile(encoding="ascii", newline="\r\n") as file:
        return file.read().removesuffix("\r\n")


def quote_server(host, port):
    with OneByOne((host, port), Quote) as server:
        server.serve_forever()


def quote_server_udp(host, port):
    with socketserver.UDPServer((host, port), QuoteByDatagram) as server:
        server.serve_forever()


def echo_server(host, port):
    with SideBySide((host, port), Echo) as server:
        server.serve_forever()


def echo_client(host, port, data):
    with socket.create_connection((host, port)) as sock, sock.makefile("rwb") as file:

        def send():
            file.write(data)
            file.flush()
            sock.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        back = sock.makefile("rb").read()
        sender.join()
        return back
