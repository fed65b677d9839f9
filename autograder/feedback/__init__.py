"""Feedback: what a student reads when a check fails, as text and as HTML.

Both tell the same six parts in the same order; a third, brief form tells what failed and why. All are pure functions
of the exchange and the findings.
"""

from __future__ import annotations

from autograder.feedback.page import as_html
from autograder.feedback.report import advice, headline
from autograder.feedback.terminal import as_brief, as_text

__all__ = ["advice", "as_brief", "as_html", "as_text", "headline"]
