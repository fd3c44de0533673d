"""How many prompts a config has, and how many examples each of them.

Prompts are told apart by digests, and only within a challenge: of the first and of the last
challenge that was seen the digests are held, of those between only how many examples each had. So
the counts of parts that follow one another can be joined.
"""

from collections import Counter
from typing import Any

from botcoin_dpo.contract.distributions import quantile


class _Group:
    """The prompts of one challenge."""

    def __init__(self, challenge: bytes) -> None:
        self.challenge = challenge
        self.examples: Counter[bytes] = Counter()


class PromptCounts:
    """Prompts and the examples of each, where those of a challenge stand together."""

    def __init__(self) -> None:
        """Start without examples."""
        self._ends: list[_Group] = []
        """The first challenge and the last one."""
        self._between: Counter[int] = Counter()
        """Of the others, prompts by their number of examples."""

    def add(self, challenge: bytes, prompt: bytes) -> None:
        """Count an example of a prompt, which is given by its digest."""
        if not self._ends or self._ends[-1].challenge != challenge:
            self._append(_Group(challenge))
        self._ends[-1].examples[prompt] += 1

    def merge(self, other: "PromptCounts") -> None:
        """Add the examples that follow, as another has counted them."""
        self._between.update(other._between)
        for group in other._ends:
            if self._ends and self._ends[-1].challenge == group.challenge:
                self._ends[-1].examples.update(group.examples)
            else:
                self._append(group)

    def _append(self, group: _Group) -> None:
        if len(self._ends) == 2:
            self._between.update(self._ends.pop().examples.values())
        self._ends.append(group)

    def by_examples(self) -> Counter[int]:
        """Return how many prompts have how many examples."""
        return sum(
            (Counter(group.examples.values()) for group in self._ends), Counter(self._between)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the number of prompts, and median and maximum of their examples."""
        counts = self.by_examples()
        examples = {
            name: quantile(counts, share) if counts else None
            for name, share in (("median", 0.5), ("max", 1.0))
        }
        return {"count": counts.total(), "examples": examples}
