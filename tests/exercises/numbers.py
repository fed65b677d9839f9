"""Numbers: plain functions that turn numbers and texts into the bytes of a message, and back.

Mistakes with byte order and the layout of numbers.
"""

# %% setup
import struct

from autograder import expect

# %% solution entry


def entry(kind, number):
    """A message of 6 bytes: kind in 16 bits, number in 32 bits, both unsigned, in network order, without a gap."""
    ### BEGIN SOLUTION
    return struct.pack("!HI", kind, number)
    ### END SOLUTION


# %% check entry
expect.returns(b"\x01\x02\x03\x04\x05\x06", entry, 0x0102, 0x03040506)
expect.returns(b"\xff\xfe\xee\x6b\x28\x00", entry, 65_534, 4_000_000_000)

# %% solution port_bytes


def port_bytes(port):
    """The 2 bytes of a port in network order; OverflowError if it does not fit into 16 bits, unsigned."""
    ### BEGIN SOLUTION
    return port.to_bytes(2, "big")
    ### END SOLUTION


# %% check port-bytes
expect.returns(b"\x1f\x90", port_bytes, 8080)
expect.returns(b"\xff\xff", port_bytes, 65_535)
expect.raises(OverflowError, port_bytes, 70_000)
expect.raises(OverflowError, port_bytes, -1)

# %% solution unix_time


def unix_time(data):
    """The seconds since 1970-01-01 that a TIME server means by its 4 bytes (RFC 868: seconds since 1900-01-01)."""
    ### BEGIN SOLUTION
    return int.from_bytes(data, "big") - 2_208_988_800
    ### END SOLUTION


# %% check unix-time
expect.returns(1_791_011_200, unix_time, b"\xee\x6b\x28\x00")
expect.returns(0, unix_time, b"\x83\xaa\x7e\x80")

# %% solution text_field


def text_field(text):
    """A text as UTF-8, behind the number of its bytes, which takes one byte."""
    ### BEGIN SOLUTION
    data = text.encode()
    return bytes([len(data)]) + data
    ### END SOLUTION


# %% check text-field
expect.returns(b"\x05hello", text_field, "hello")
expect.returns("\x06é汉!".encode(), text_field, "é汉!")
