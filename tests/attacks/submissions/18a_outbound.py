"""Row 18: outbound TCP, UDP and DNS from a plain function: public resolvers, the cloud's metadata, the gateway, IPv6."""

# cell: double
import socket as network
import struct

QUERY = b"\x13\x37\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"

REAL = ("eth", "en", "wl", "docker", "br-", "veth", "tap", "wg")


def gateways():
    try:
        with open("/proc/net/route") as file:
            for line in [*file][1:]:
                if int(line.split()[2], 16):
                    yield network.inet_ntoa(struct.pack("<I", int(line.split()[2], 16)))
    except OSError:
        pass


def ways_out():
    for host in ("1.1.1.1", "8.8.8.8", "169.254.169.254", "10.0.0.1", "172.17.0.1", "192.168.0.1", *gateways()):
        for port in (22, 53, 80, 443):
            with network.socket() as sock:
                sock.settimeout(0.3)
                if sock.connect_ex((host, port)) == 0:
                    yield f"tcp {host}:{port}"
        with network.socket(type=network.SOCK_DGRAM) as sock:
            try:
                sock.sendto(QUERY, (host, 53))
                yield f"udp {host}"
            except OSError:
                pass
    with network.socket(network.AF_INET6, network.SOCK_DGRAM) as sock:
        try:
            sock.sendto(QUERY, ("2001:4860:4860::8888", 53))
            yield "udp over IPv6"
        except OSError:
            pass
    try:
        yield f"name {network.getaddrinfo('example.com', 80)[0][4][0]}"
    except OSError:
        pass
    yield from (f"interface {name}" for _, name in network.if_nameindex() if name.startswith(REAL))


found = [*ways_out()]


def double(x):
    raise RuntimeError(f"ways out: {len(found)}; {found}")
