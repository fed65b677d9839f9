"""Row 18: outbound from a program: UDP, DNS, raw and packet sockets, VSOCK, a route added by netlink, an interface up."""

# cell: ask
import fcntl
import struct


def ask(host, port):
    found = []

    def tries(name, act):
        try:
            act()
            found.append(name)
        except (OSError, OverflowError, AttributeError):
            pass

    def udp():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"secret", ("8.8.8.8", 53))

    def tcp():
        socket.create_connection(("1.1.1.1", 443), timeout=0.5).close()

    def broadcast():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.sendto(b"secret", ("255.255.255.255", 53))

    def vsock():
        with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.5)
            sock.connect((socket.VMADDR_CID_HOST, 22))

    def netlink():
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as sock:
            route = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, 254, 4, 0, 1, 0)
            route += struct.pack("=HHI", 8, 4, 1)  # RTA_OIF: by interface 1
            sock.send(struct.pack("=IHHII", 16 + len(route), 24, 0x0605, 1, 0) + route)  # RTM_NEWROUTE
            error = struct.unpack("=i", sock.recv(4096)[16:20])[0]
            if error:
                raise OSError(-error, "netlink")

    def interface():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            fcntl.ioctl(sock, 0x8914, struct.pack("=16sH14x", b"eth0", 1))  # SIOCSIFFLAGS

    tries("udp", udp)
    tries("tcp", tcp)
    tries("broadcast", broadcast)
    tries("name", lambda: socket.getaddrinfo("example.com", 80))
    tries("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close())
    tries("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close())
    tries("vsock", vsock)
    tries("netlink", netlink)
    tries("interface", interface)
    real = ("eth", "en", "wl", "docker", "br-", "veth", "tap", "wg")
    found += [name for _, name in socket.if_nameindex() if name.startswith(real)]
    raise RuntimeError(f"ways out: {len(found)}; {found}")
