"""Mistake 14: the length is the number of characters."""

FAILS = ("text-field",)
NAMED = 14


def text_field(text):
    return bytes([len(text)]) + text.encode("utf-8")
