"""How often a rule that knows nothing of the task picks the chosen side of a pair.

Where it is often right, a model can learn the rule instead of the task. Contract:
schemas/README.md, "Exports".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

FEWEST_PAIRS = 30
"""With fewer pairs nothing is warned of."""
USUAL = (0.4, 0.6)
_Z = 1.96
"""Of a 95% interval."""


@dataclass(slots=True)
class Shortcut:
    """Pairs by the side that has more of something: of characters, or of steps."""

    chosen: int = 0
    rejected: int = 0
    equal: int = 0
    """Pairs whose sides have equally much; half of them count as right."""

    def add(self, chosen: int, rejected: int) -> None:
        """Add a pair by how much each side has."""
        if chosen > rejected:
            self.chosen += 1
        elif chosen < rejected:
            self.rejected += 1
        else:
            self.equal += 1

    def merge(self, other: "Shortcut") -> None:
        """Add the pairs of another."""
        self.chosen += other.chosen
        self.rejected += other.rejected
        self.equal += other.equal

    @property
    def pairs(self) -> int:
        """All pairs."""
        return self.chosen + self.rejected + self.equal

    @property
    def accuracy(self) -> float:
        """How often the side that has more is the chosen one; of equal ones, half are right."""
        return (self.chosen + self.equal / 2) / self.pairs if self.pairs else 0.5

    @property
    def is_telling(self) -> bool:
        """Whether it is beyond 60/40, either way, by more than chance.

        There are at least 30 pairs, and the 95% interval by Wilson lies outside 40% to 60% as a
        whole. A fair coin, tossed 30 times or more, is taken for a shortcut less than once in 250.
        """
        if self.pairs < FEWEST_PAIRS:
            return False
        low, high = _interval(self.accuracy, self.pairs)
        return low > USUAL[1] or high < USUAL[0]

    def as_json(self) -> dict[str, Any]:
        """Return the counts and the accuracy."""
        return {
            "chosen": self.chosen,
            "rejected": self.rejected,
            "equal": self.equal,
            "accuracy": round(self.accuracy, 4),
        }


def _interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95% interval of a share, by Wilson."""
    middle = share + _Z**2 / (2 * count)
    half = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    whole = 1 + _Z**2 / count
    return (middle - half) / whole, (middle + half) / whole


def shortcut_warnings(
    longer: Sequence[tuple[str, Shortcut]], more_steps: Sequence[tuple[str, Shortcut]]
) -> list[str]:
    """Return a warning for each rule that works too often, which names the configs.

    Args:
        longer: pairs by the longer side, each with its config.
        more_steps: pairs by the side with more steps, each with its config.
    """
    rules = (
        (longer, "longer side", "shorter side", "length"),
        (more_steps, "side with more steps", "side with fewer steps", "the number of steps"),
    )
    warnings = []
    for by_config, more, less, what in rules:
        for side, is_more in ((more, True), (less, False)):
            found: dict[str, list[str]] = {}
            for config, shortcut in by_config:
                if shortcut.is_telling and (shortcut.accuracy > 0.5) == is_more:
                    accuracy = shortcut.accuracy if is_more else 1 - shortcut.accuracy
                    found.setdefault(f"{accuracy:.0%}", []).append(config)
            if found:
                cases = " and ".join(
                    f"{share} of pairs ({', '.join(configs)})" for share, configs in found.items()
                )
                warnings.append(
                    f"the {side} is the chosen one in {cases}: a model can learn {what} instead of "
                    "quality; see Shortcuts in README.md"
                )
    return warnings
