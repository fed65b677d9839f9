"""Right: arrays, division with remainder, and dates."""

import array
import datetime
import sys


def entry(kind, number):
    digits = []
    for value, places in ((number, 4), (kind, 2)):
        for _ in range(places):
            value, digit = divmod(value, 256)
            digits.insert(0, digit)
    return bytes(digits)


def port_bytes(port):
    numbers = array.array("H", [port])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def unix_time(data):
    seconds = 0
    for byte in data:
        seconds = seconds * 256 + byte
    moment = datetime.datetime(1900, 1, 1) + datetime.timedelta(seconds=seconds)
    return int((moment - datetime.datetime(1970, 1, 1)).total_seconds())


def text_field(text):
    data = text.encode()
    return b"%c%s" % (len(data), data)
