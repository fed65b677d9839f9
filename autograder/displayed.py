"""What a student's code displayed, as a notebook may show it to others.

Owns which outputs are kept and how they are made harmless. Must not know whose page they are shown on.
Text is kept as text, pictures as pixels. HTML, scripts, SVG, LaTeX and Markdown are left out: a page would run them.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from autograder.words import printable

PICTURES = ("image/png", "image/jpeg")
_BEGIN = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
LEFT_OUT = "(a display that is no text and no picture is left out here)"
MOST_OUTPUTS = 200


def safe(outputs: object, most: int) -> list[dict[str, Any]]:
    """The outputs in nbformat's form, of whatever shape they come; of all text the first `most` characters."""
    kept: list[dict[str, Any]] = []
    left = most
    for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else []:
        if isinstance(output, dict) and (made := _safe(output, left)) is not None:
            left -= _length(made)
            kept.append(made)
    return kept


def _safe(output: dict[str, Any], left: int) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": text(output.get("text"), left)}
    if kind == "error":
        lines = output.get("traceback")
        shown = text(
            "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else "", left
        )
        return {
            "output_type": "error",
            "ename": text(output.get("ename"), 200),
            "evalue": text(output.get("evalue"), 2000),
            "traceback": shown.split("\n"),
        }
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        return {"output_type": "display_data", "data": _data(output["data"], left), "metadata": {}}
    return None


def _data(data: dict[Any, Any], left: int) -> dict[str, str]:
    for kind in PICTURES:
        if isinstance(data.get(kind), str) and len(data[kind]) <= left and _is_picture(kind, data[kind]):
            return {kind: data[kind]}
    if isinstance(data.get("text/plain"), str) and not any(str(kind) not in ("text/plain", *PICTURES) for kind in data):
        return {"text/plain": text(data["text/plain"], left)}
    return {"text/plain": LEFT_OUT}


def _is_picture(kind: str, written: str) -> bool:
    try:
        return base64.b64decode(written.replace("\n", ""), validate=True).startswith(_BEGIN[kind])
    except (binascii.Error, ValueError):
        return False


def text(value: object, most: int) -> str:
    """The beginning of a text, its control characters but colours, tabs and line ends written as escapes."""
    if not isinstance(value, str):
        return ""
    return printable(value[: max(most, 0)], keep="\n\t\r\x1b")


def _length(output: dict[str, Any]) -> int:
    return sum(len(str(part)) for part in output.values())
