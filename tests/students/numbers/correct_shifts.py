"""Right: shifts and masks, one byte after another."""


def split(value, count):
    out = []
    for i in range(count - 1, -1, -1):
        out.append((value >> (8 * i)) & 0xFF)
    return bytes(out)


def entry(kind, number):
    return split(kind, 2) + split(number, 4)


def port_bytes(port):
    if port < 0 or port > 0xFFFF:
        raise OverflowError("a port has 16 bits")
    return split(port, 2)


def unix_time(data):
    n = data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3]
    return n - 0x83AA7E80


def text_field(text):
    data = text.encode("utf8")
    field = bytearray()
    field.append(len(data))
    field += data
    return bytes(field)
