"""Right: socketserver's UDPServer, with max_packet_size as large as a datagram can be."""

import socketserver


class Bounce(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(data, self.client_address)


class BounceServer(socketserver.UDPServer):
    max_packet_size = 65_535


def bounce(host, port):
    with BounceServer((host, port), Bounce) as udp_server:
        udp_server.serve_forever()
