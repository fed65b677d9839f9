"""What the pictures of real sockets share: one look, and the two forms of each picture.

Owns the colours, the frame and how an address or a byte is written. Must not know where the numbers come from.
Colours are JupyterLab's variables with fallbacks for light and dark pages; nothing is told by colour alone.
"""

from __future__ import annotations

from html import escape

from autograder.exchange import Address
from autograder.widgets.still import Picture

PAGE = 840
"""The width of every picture, in the SVG's own units."""

STYLE = """
.sockets{--ink0:#1f2328;--soft0:#59636e;--paper0:#fff;--line0:#818b98;--mark0:#0b5cad;--bad0:#a40e26;
 max-width:100%;height:auto;font-family:system-ui,sans-serif;font-size:13px}
@media (prefers-color-scheme:dark){.sockets{--ink0:#f0f3f6;--soft0:#b1bac4;--paper0:#151b23;
 --line0:#8b949e;--mark0:#6cb6ff;--bad0:#ff9492}}
.sockets{--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,var(--ink0)));
 --paper:var(--jp-layout-color1,var(--vscode-editor-background,var(--paper0)));
 --soft:var(--jp-content-font-color2,var(--soft0));--line:var(--jp-border-color0,var(--line0));
 --mark:var(--jp-content-link-color,var(--mark0));--bad:var(--jp-error-color1,var(--bad0))}
.sockets text{fill:var(--ink)}
.sockets .soft{fill:var(--soft);font-size:12px}
.sockets .mono{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}
.sockets .mid{text-anchor:middle}
.sockets .end{text-anchor:end}
.sockets .name{font-weight:600;font-size:14px}
.sockets .paper{fill:var(--paper);stroke:var(--line)}
.sockets .box{fill:none;stroke:var(--ink);stroke-width:1.2}
.sockets .tint{fill:var(--mark);fill-opacity:.16;stroke:var(--ink);stroke-width:1.2}
.sockets .bar{fill:var(--mark);fill-opacity:.6}
.sockets .rule{stroke:var(--line);stroke-dasharray:6 5;fill:none}
.sockets .hair{stroke:var(--line);fill:none}
.sockets .flow{stroke:var(--mark);stroke-width:2;fill:none}
.sockets .tip{fill:var(--mark)}
.sockets .bad{fill:var(--bad);font-weight:600}
""".strip()


def label(x: float, y: float, words: str, kind: str = "") -> str:
    """Words at a place; `kind` are classes of STYLE."""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" xml:space="preserve">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str = "box", corner: float = 4) -> str:
    """A rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{corner:g}" class="{kind}"/>'


def arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A flow from one place to another, with a tip that points right."""
    bend = (x1 + x2) / 2
    return (
        f'<path class="flow" d="M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2 - 8:g} {y2:g}"/>'
        f'<path class="tip" d="M{x2:g} {y2:g}l-10 -5v10z"/>'
    )


def picture(title: str, body: str, height: float, text: str) -> Picture:
    """A finished picture: the body in its frame, with its name and its words for who cannot see it."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sockets" role="img" viewBox="0 0 {PAGE} {height:g}"'
        f' width="{PAGE}" height="{height:g}"><title>{escape(title)}</title><desc>{escape(text)}</desc>'
        f"<style>{STYLE}</style>{box(0.5, 0.5, PAGE - 1, height - 1, 'paper', 8)}{body}</svg>"
    )
    return Picture(svg, text)


def endpoint(address: Address | None) -> str:
    """An address and port as `ss` writes them; "–" where there is none."""
    if address is None:
        return "–"
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host or '*'}:{port}"


def letters(data: bytes) -> str:
    """Bytes as text of the same length: what can't be printed is a dot, a space is seen."""
    return "".join(chr(byte) if 32 < byte < 127 else "␣" if byte == 32 else "·" for byte in data)


def count(number: int, noun: str = "byte") -> str:
    """A number and its noun, in the plural where there is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
