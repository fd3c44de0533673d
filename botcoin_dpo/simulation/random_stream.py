"""Chance that is the same on every machine: all draws come from `random.random()`.

Python promises that sequence for a seed; its `choice`, `shuffle` and the like may change between
versions, and functions such as logarithms differ in the last digit between machines.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class RandomStream:
    """A stream of draws."""

    def __init__(self, *seed: object) -> None:
        """Seed the stream by what it is for: equal seeds give equal streams."""
        digest = hashlib.sha256("/".join(map(str, seed)).encode()).digest()
        self.random = random.Random(int.from_bytes(digest[:8], "big")).random

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self.random() * len(items))]

    def pick_weighted(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """Return one of the items, the likelier the greater its weight."""
        mark = self.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in any order."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Return `count` different items; all of them if there are fewer."""
        pool = list(items)
        taken = min(count, len(pool))
        for position in range(taken):
            other = position + int(self.random() * (len(pool) - position))
            pool[position], pool[other] = pool[other], pool[position]
        return pool[:taken]
