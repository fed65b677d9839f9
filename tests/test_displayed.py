"""What a student's code displayed, on others' pages: text stays text, pictures are pixels, the rest is left out."""

from __future__ import annotations

import base64
import json
import random

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from autograder import displayed

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def data(**kinds: str) -> list[dict[str, object]]:
    return [{"output_type": "display_data", "data": {k.replace("_", "/"): v for k, v in kinds.items()}, "metadata": {}}]


@pytest.mark.parametrize(
    "kind", ["text/html", "application/javascript", "image/svg+xml", "text/latex", "text/markdown"]
)
def test_what_a_page_would_run_is_left_out(kind):
    outputs = [{"output_type": "display_data", "data": {kind: EVIL, "text/plain": "x"}, "metadata": {}}]
    assert displayed.safe(outputs, 1000)[0]["data"] == {"text/plain": displayed.LEFT_OUT}


def test_text_and_pictures_are_kept():
    assert displayed.safe(data(text_plain="42"), 100)[0]["data"] == {"text/plain": "42"}
    assert displayed.safe(data(text_plain="<Figure>", image_png=PNG), 100)[0]["data"] == {"image/png": PNG}


@pytest.mark.parametrize("picture", ["", "x", EVIL, base64.b64encode(b"<svg>").decode(), PNG + '"><script>', "é"])
def test_what_is_no_picture_is_no_picture(picture):
    assert displayed.safe(data(text_plain="p", image_png=picture), 1000)[0]["data"] == {"text/plain": "p"}


def test_text_is_capped_and_control_characters_are_escaped():
    outputs = [{"output_type": "stream", "name": "stdout", "text": "a\x00\x08\x9b" + "b" * 100}] * 3
    kept = displayed.safe(outputs, 50)
    assert kept[0]["text"].startswith("a\\x00\\x08\\x9bb")
    assert sum(output["text"].count("b") for output in kept) <= 50
    assert len(displayed.safe([{"output_type": "stream", "text": "x"}] * 1000, 10**6)) == displayed.MOST_OUTPUTS


def test_whatever_comes_is_a_notebooks_outputs_and_no_page_acts_on_it():
    draw = random.Random(20)
    odd = [None, 1, "x", EVIL, [EVIL], {}, {"text/html": EVIL}, [[EVIL]], {"a": {"b": EVIL}}, 1e400, True]
    names = ["output_type", "name", "text", "ename", "evalue", "traceback", "data", "metadata", "execution_count"]
    kinds = ["stream", "error", "display_data", "execute_result", "update_display_data"]
    for _ in range(500):
        outputs = [
            {name: draw.choice(odd) for name in names} | {"output_type": draw.choice([*kinds, *odd])} for _ in range(4)
        ]
        kept = displayed.safe(draw.choice([outputs, *odd]), 1000)
        cell = new_code_cell("1", outputs=[nbformat.from_dict(output) for output in kept], execution_count=1)
        notebook = new_notebook(cells=[cell])
        nbformat.validate(notebook)
        json.dumps(kept)
    page = HTMLExporter(template_name="classic").from_notebook_node(notebook)[0]
    assert "alert(1)" not in page.replace("&lt;script&gt;alert(1)", "")
