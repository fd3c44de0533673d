"""How many texts of miners have hidden characters, and how many of each class there are.

Contract: schemas/README.md, "Hidden characters".
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from botcoin_dpo.contract.hidden_text import (
    HIDDEN_CLASSES,
    HiddenClass,
    hidden_class,
    hidden_places,
)


class HiddenCounts:
    """Counts of attempts, or of the sides of pairs, that have hidden characters."""

    def __init__(self, *holders: str) -> None:
        """Count in holders: `attempts`, or each side of pairs."""
        self.holders: Counter[str] = Counter(dict.fromkeys(holders, 0))
        self.characters: Counter[HiddenClass] = Counter(dict.fromkeys(HIDDEN_CLASSES, 0))

    def add(self, holder: str, artifact: str, model: str | None, steps: Iterable[Any]) -> None:
        """Count what a submission hides."""
        has_some = False
        for _, found in hidden_places(artifact, model, steps):
            has_some = True
            for character, count in found.items():
                self.characters[hidden_class(character)] += count
        self.holders[holder] += has_some

    def merge(self, other: "HiddenCounts") -> None:
        """Add all that another has counted."""
        self.holders.update(other.holders)
        self.characters.update(other.characters)

    def as_json(self) -> dict[str, Any]:
        """Return the counts, those that are 0 too."""
        return {**self.holders, "characters": dict(self.characters)}
