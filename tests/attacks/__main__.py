"""`python -m tests.attacks`: the table of attacks as words."""

from __future__ import annotations

from collections.abc import Iterator

from .table import OUTCOMES, attacks


def rows() -> Iterator[tuple[int, str, str, str]]:
    """Each attack: its row of the catalogue, its name, its outcome's letter, and what it is in a sentence."""
    for attack in attacks():
        yield attack.row, attack.name, attack.outcome, attack.sentence


def main() -> None:
    """Print a line for each attack."""
    for row, name, outcome, sentence in rows():
        print(f"{row:>2}  {name:<36}  {outcome}  {OUTCOMES[outcome]:<24}  {sentence}")


if __name__ == "__main__":
    main()
