"""Feedback as one piece of HTML, for a notebook's output and for nbgrader's feedback pages.

Owns markup and style. No scripts; every word that may come from a student's program is escaped. Colours are
JupyterLab's variables with fallbacks that are readable on light, dark and paper. Must not know how anything was found
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from autograder import ladder
from autograder.difference import hex_rows, text_rows
from autograder.exchange import Exchange
from autograder.feedback.report import Report, StepLine, placed, report
from autograder.finding import Finding
from autograder.words import printable

STYLE = """
&{--bad:var(--jp-error-color1,#d6403a);--good:var(--jp-success-color1,#2e8b4a);
 --edge:var(--jp-border-color1,rgba(128,128,128,.45));--shade:rgba(128,128,128,.1);
 --mono:var(--jp-code-font-family,ui-monospace),Menlo,Consolas,"DejaVu Sans Mono",monospace;
 color:var(--jp-ui-font-color1,inherit);line-height:1.5;max-width:960px;margin:.5em 0;padding:.4em 1em .8em;
 border:1px solid var(--edge);border-left:4px solid var(--bad);border-radius:3px}
&.passed{border-left-color:var(--good)}
& .headline{font-weight:700;font-size:1.1em;margin:.4em 0}
& h4{font-size:1em;font-weight:700;margin:1.2em 0 .3em;padding:0 0 .2em;border-bottom:1px solid var(--edge)}
& p{margin:.3em 0}
& ol{list-style:none;margin:.3em 0;padding:0}
& li{margin:.1em 0;padding-left:3.4em;text-indent:-3.4em}
& li .number{display:inline-block;width:2em;text-align:right;text-indent:0;padding-right:.4em;opacity:.75}
& li .sign{display:inline-block;width:1em;text-indent:0;font-weight:700}
& li p{text-indent:0;margin:0}
& .passed .sign{color:var(--good)}
& .failed span{color:var(--bad);font-weight:700}
& pre,& code{font-family:var(--mono);font-size:13px;color:inherit;background:none}
& pre{background:var(--shade);margin:.3em 0;padding:.5em .7em;overflow-x:auto;line-height:1.35;
 white-space:pre;word-break:normal;border:0;border-radius:3px}
& details{margin:.3em 0}
& summary{cursor:pointer;display:list-item}
& .named{font-weight:700}
"""

SCOPE = ".autograder.autograder.autograder"
"""What `&` stands for: thrice, so as to win over the rules a page has for its own lists and preformatted text."""


def as_html(exchange: Exchange, findings: Sequence[Finding]) -> str:
    """The whole feedback as one `<div class="autograder">`."""
    told = report(exchange, findings)
    failed = exchange.failed_step is not None
    parts = [*_steps(told)]
    if failed:
        parts += [
            *_bytes(told),
            *(_ladder(exchange) if told.drawn else ()),
            *_state(told),
            *_mistake(told),
            *_again(told),
        ]
    elif told.drawn:
        parts += _ladder(exchange)
    kind = "autograder" if failed else "autograder passed"
    return (
        f'<div class="{kind}" role="region" aria-label="Feedback on {escape(printable(exchange.function))}">'
        f"<style>{STYLE.replace('&', SCOPE)}</style>{''.join(parts)}</div>"
    )


def _steps(told: Report) -> Iterator[str]:
    sign = "✓" if all(step.passed for step in told.steps) else "✗"
    yield f'<p class="headline">{sign} {escape(told.headline)}</p><ol>'
    yield from (_step(step) for step in told.steps)
    yield "</ol>"


def _step(step: StepLine) -> str:
    if step.left_out:
        return f'<li class="passed">{escape(step.text)}</li>'
    kind, sign, spoken = ("passed", "✓", "passed") if step.passed else ("failed", "✗", "failed")
    detail = f"<p>{escape(step.detail)}</p>" if step.detail else ""
    return (
        f'<li class="{kind}"><span class="number">{step.number}.</span>'
        f'<span class="sign" role="img" aria-label="{spoken}">{sign}</span>'
        f" <span>{escape(step.text)}</span>{detail}</li>"
    )


def _pre(lines: Sequence[str]) -> str:
    return f"<pre>{escape(chr(10).join(lines))}</pre>"


def _bytes(told: Report) -> Iterator[str]:
    if told.values:
        yield f"<h4>Value</h4>{_pre(told.values)}"
    if told.difference is not None:
        yield f"<h4>Bytes</h4><p>{escape(told.difference.sentence)}</p>"
        yield _pre(text_rows(told.difference)) + _pre(hex_rows(told.difference))


def _ladder(exchange: Exchange) -> Iterator[str]:
    yield f"<h4>What happened, from top to bottom</h4>{ladder.svg(exchange)}"
    yield f"<details><summary>The same as text</summary>{_pre(ladder.text(exchange).splitlines())}</details>"


def _state(told: Report) -> Iterator[str]:
    if not told.state:
        return
    yield "<h4>What your program was doing</h4>"
    for number, sentence in enumerate(told.state):
        yield f"<p>{escape(sentence)}</p>"
        if number == 0:
            lines = [*map(placed, told.source), *([told.crashed] if told.crashed else [])]
            yield _pre(lines) if lines else ""
    if told.printed:
        yield f"<p>The end of what it printed:</p>{_pre(told.printed.splitlines())}"


def _mistake(told: Report) -> Iterator[str]:
    yield "<h4>The likely mistake</h4>"
    if not told.findings:
        yield f"<p>{escape(told.unexplained)}</p>"
        return
    first, *others = told.findings
    mistake = first.mistake
    yield f'<p class="named">{escape(mistake.name)} (mistake {mistake.number})</p><p>{escape(mistake.what)}</p>'
    yield f"<p>Seen here: {escape(printable(first.evidence))}</p><p>Hint 1: {escape(mistake.hints[0])}</p>"
    yield (
        f"<details><summary>A second hint</summary><p>{escape(mistake.hints[1])}</p>"
        f"<details><summary>A third, stronger hint</summary><p>{escape(mistake.hints[2])}</p></details></details>"
    )
    yield f"<p>Reread: {escape(mistake.lecture)}</p>"
    for other in others[:1]:
        yield f"<p>It could also be: {escape(other.mistake.name)} (mistake {other.mistake.number}).</p>"


def _again(told: Report) -> Iterator[str]:
    if not told.commands:
        return
    yield "<h4>See it yourself</h4>"
    for command in told.commands:
        yield f"<p>{('In one', 'In a second', 'In a third', 'In a fourth')[command.terminal - 1]} terminal:</p>"
        yield _pre([command.text])
    if told.note:
        yield f"<p>{escape(told.note)}</p>"
