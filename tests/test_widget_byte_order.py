"""The byte-order picture tells the truth about a number's bytes, and its widget never shows a traceback."""

import struct
import xml.etree.ElementTree as ElementTree

import pytest

from autograder.widgets import byte_order
from autograder.widgets.byte_order_picture import WIDTHS, layout

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("host", ["little", "big"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("signed", [False, True])
def test_bytes_agree_with_struct(width, signed, host):
    low, high = (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)
    for number in (low, high, high // 3, 1, 0):
        shown = layout(number, width, signed=signed, host=host)
        host_mark, other_mark = ("<", ">") if host == "little" else (">", "<")
        assert shown.network == struct.pack("!" + shown.letter, number)
        assert shown.host == struct.pack(host_mark + shown.letter, number)
        assert shown.wrong == struct.unpack(other_mark + shown.letter, shown.host)[0]
        assert bytes(shown.packed) == struct.pack("!H" + shown.letter, 1, number)
        assert len(shown.native) == struct.calcsize("@H" + shown.letter)


def test_reading_the_wrong_way_twice_is_right_again():
    shown = layout(258, 16)
    assert layout(shown.wrong, 16).wrong == 258


def test_padding_is_told_and_hatched():
    padded = byte_order.picture(1, 32, host="little")
    assert "8 bytes, 2 of them padding" in padded.text
    assert padded.svg.count('class="hatch"') == 2
    assert 'class="hatch"' not in byte_order.picture(1, 16, host="little").svg


def test_the_picture_has_a_name_and_a_description_for_who_cannot_see_it():
    drawn = byte_order.picture(2_208_988_800, 32, host="little")
    root = ElementTree.fromstring(drawn.svg)
    assert root.get("role") == "img"
    assert root.findtext(SVG + "title") == "2208988800 = 0x83AA7E80 as bytes"
    assert root.findtext(SVG + "desc") == drawn.text
    assert "-2085978496" in drawn.text


def test_text_form_of_a_port():
    assert byte_order.picture(258, 16, host="little").text.splitlines() == [
        "258 = 0x0102, 16 bits, unsigned",
        "network order             '!H' or '>H'      01 02",
        "host order (little)       '<H', here '=H'   02 01",
        "read the other way                          513 = 0x0201",
        "after a 16-bit 1          '!HH'             00 01 01 02",
        "the same, native          '@HH'             01 00 02 01   4 bytes, no padding here",
        "byte 01 is   1 or 00000001",
        "byte 02 is   2 or 00000010",
    ]


def test_a_big_endian_host_has_nothing_to_swap_but_can_still_be_misread():
    drawn = byte_order.picture(258, 16, host="big")
    assert "host order (big)          '>H', here '=H'   01 02" in drawn.text
    assert "513" in drawn.text


@pytest.mark.parametrize(
    ("typed", "number"),
    [("258", 258), (" 0x0102 ", 258), ("0b1_0000_0010", 258), ("007", 7), ("+5", 5), ("0o17", 15)],
)
def test_numbers_are_read_in_every_base(typed, number):
    assert byte_order.parse(typed, 16) == number


@pytest.mark.parametrize(
    ("typed", "signed", "words"),
    [
        ("abc", False, "“abc” is not a whole number"),
        ("1.5", False, "“1.5” is not a whole number"),
        ("", False, "Type a whole number"),
        ("70000", False, "16 unsigned bits hold 0 to 65535"),
        ("-1", False, "-1 is negative"),
        ("32768", True, "16 signed bits hold -32768 to 32767"),
        ("9" * 5000, False, "5000 characters"),
        ("<b>", False, "“<b>” is not a whole number"),
    ],
)
def test_bad_input_is_answered_in_words_and_the_picture_stays(typed, signed, words):
    widget = byte_order.explorer(258, signed=signed)
    before = widget.svg
    widget.number = typed
    assert words in widget.problem
    assert widget.svg == before
    widget.number = "258"
    assert widget.problem == ""


def test_a_width_that_does_not_exist_lists_those_that_do():
    with pytest.raises(ValueError, match="choose 8, 16, 32 or 64"):
        byte_order.picture(1, 24)


def test_the_widget_draws_what_the_plain_function_draws():
    widget = byte_order.explorer(258, 16, host="little")
    assert widget.svg == byte_order.picture(258, 16, host="little").svg
    widget.width = 32
    assert widget.svg == byte_order.picture(258, 32, host="little").svg
    widget.host = "big"
    assert widget.text == byte_order.picture(258, 32, host="big").text
    widget.number, widget.signed = "-2", True
    assert widget.svg == byte_order.picture(-2, 32, signed=True, host="big").svg


def test_the_button_that_reads_the_other_way_swaps_back():
    widget = byte_order.explorer(258, 16)
    widget.number = widget.wrong
    assert widget.number == "513"
    widget.number = widget.wrong
    assert widget.number == "258"


def test_a_notebook_without_widgets_gets_words():
    assert "run this cell in JupyterLab" in repr(byte_order.explorer())
