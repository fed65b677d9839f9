"""A feedback page as the one who reads it meets it: its parts, its words, and what in it could act by itself.

Owns the reading of HTML. Must not know what a page should say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

ACTING = re.compile(
    "script|style|link|meta|base|i?frame|frameset|object|embed|applet|portal|form|input|button|textarea|select|"
    "animate.*|set|foreignobject|audio|video|source|track|math|marquee|dialog|noscript"
)
"""Elements that run, load, cover, send or move something."""

LOADING = re.compile("src|srcset|poster|background|data|href|xlink:href|action|formaction|ping")


def parts(html: str) -> dict[str, str]:
    """The words of each graded cell with what came of it, by its grade_id: from its anchor in the page to the next."""
    pieces = re.split(r'<a name="([^"]*)"></a>', html)
    found: dict[str, str] = {}
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        found[name] = found.get(name, "") + words(piece)
    return found


def words(html: str) -> str:
    """The text of a piece of HTML, in lower case, on one line."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", "", html)
    return " ".join(unescape(text).lower().split())


def acting(html: str) -> set[str]:
    """Each thing in a page that acts: elements with their text, event handlers, and what is loaded or could be run."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ACTING.fullmatch(tag):
            self.found.add(f"<{tag} {attrs}>")
        self._inside = tag if tag in ("script", "style") else ""
        self.found |= {f"<{tag}> {told}" for name, value in attrs for told in _acts(tag, name, value or "")}

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:  # each picture's style names the picture
            self.found.add(f"{self._inside}: {re.sub(r'#[A-Za-z][A-Za-z0-9-]*', '#ID', data)}")


def _acts(tag: str, name: str, value: str) -> Iterator[str]:
    address = re.sub(r"[\x00-\x20]", "", value).lower()
    runs = address.startswith(("javascript:", "vbscript:", "data:text", "data:image/svg"))
    loads = tag != "a" and bool(address) and not address.startswith(("#", "data:image/"))
    if (
        name.startswith("on")
        or name == "srcdoc"
        or (LOADING.fullmatch(name) and (runs or loads))
        or (name == "style" and re.search(r"url\(|expression|@import|position:(?:fixed|absolute)", address))
    ):
        yield f"{name}={value}"
