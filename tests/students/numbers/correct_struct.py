"""Right: struct, in network order and with standard sizes."""

import struct


def entry(kind, number):
    return struct.pack(">H", kind) + struct.pack(">L", number)


def port_bytes(port):
    try:
        return struct.pack("!H", port)
    except struct.error as e:
        raise OverflowError(str(e))


def unix_time(data):
    (since_1900,) = struct.unpack("!I", data)
    return since_1900 - (70 * 365 + 17) * 24 * 60 * 60


def text_field(text):
    encoded = text.encode("utf-8")
    return struct.pack(f"!B{len(encoded)}s", len(encoded), encoded)
