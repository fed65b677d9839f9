"""The ladder: both sides' calls against time, drawn from the recorded exchange, as SVG and as text.

`text` and `svg` are pure: the same history gives the same picture. Time runs down and is not to scale.
"""

from __future__ import annotations

from autograder.ladder.picture import svg
from autograder.ladder.transcript import text

__all__ = ["svg", "text"]
