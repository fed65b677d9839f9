"""Right: int.to_bytes and int.from_bytes."""


def entry(kind, number):
    return kind.to_bytes(2, byteorder="big") + number.to_bytes(4, byteorder="big")


def port_bytes(port):
    return int.to_bytes(port, 2, "big", signed=False)


def unix_time(data):
    between = 2208988800
    return int.from_bytes(data, byteorder="big") - between


def text_field(text):
    raw = bytes(text, "utf-8")
    return len(raw).to_bytes(1, "big") + raw
