"""Who comes next where not all pairs of a challenge are wanted: miners and models take turns.

Contract: schemas/README.md, "The most pairs of a challenge".
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Makers(NamedTuple):
    """Who made the two sides of a pair."""

    rejected_miner: Hashable
    chosen_miner: Hashable
    rejected_model: Hashable
    chosen_model: Hashable


class Taken:
    """How often miners and models stand in the pairs of a challenge that are taken so far."""

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self.miners: Counter[Hashable] = Counter()
        """By pairs that they made a side of."""
        self.chosen_miners: Counter[Hashable] = Counter()
        """By pairs that they made the chosen side of."""
        self.models: Counter[Hashable] = Counter()

    def add(self, makers: Makers) -> None:
        """Take a pair."""
        self.miners.update({makers.rejected_miner, makers.chosen_miner})
        self.chosen_miners[makers.chosen_miner] += 1
        self.models.update({makers.rejected_model, makers.chosen_model})

    def of_miners(self, makers: Makers) -> tuple[int, int]:
        """Return how much a pair's miners were taken; less comes first."""
        miners = {makers.rejected_miner, makers.chosen_miner}
        return sum(self.miners[miner] for miner in miners), self.chosen_miners[makers.chosen_miner]

    def of_models(self, models: frozenset[Hashable]) -> int:
        """Return how much models were taken."""
        return sum(self.models[model] for model in models)


def in_turns(
    items: Iterable[Item], makers_of: Callable[[Item], Makers], taken: Taken
) -> Iterator[Item]:
    """Yield all items, always one whose miners, and then models, were taken least.

    Args:
        items: in the order that decides between those that are equal in this.
        makers_of: tells who made an item.
        taken: what was taken; whoever takes an item that this yields adds it before the next.
    """
    waiting: dict[Makers, deque[tuple[int, Item]]] = defaultdict(deque)
    for position, item in enumerate(items):
        waiting[makers_of(item)].append((position, item))
    # What was taken of miners only grows, so an entry of a heap may be behind, never ahead.
    heaps: dict[frozenset[Hashable], list[tuple[tuple[int, int], int, Makers]]] = defaultdict(list)
    for makers, queue in waiting.items():
        models = frozenset((makers.rejected_model, makers.chosen_model))
        heaps[models].append((taken.of_miners(makers), queue[0][0], makers))
    for heap in heaps.values():
        heapify(heap)
    while heaps:
        for heap in heaps.values():
            _catch_up(heap, taken)
        best = min(
            heaps, key=lambda each: (heaps[each][0][0], taken.of_models(each), heaps[each][0][1])
        )
        miners, _, makers = heaps[best][0]
        _, item = waiting[makers].popleft()
        if waiting[makers]:
            heapreplace(heaps[best], (miners, waiting[makers][0][0], makers))
        else:
            heappop(heaps[best])
            if not heaps[best]:
                del heaps[best]
        yield item


def _catch_up(heap: list[tuple[tuple[int, int], int, Makers]], taken: Taken) -> None:
    """Let the first entry of a heap be one that says what was taken by now."""
    while (now := taken.of_miners(heap[0][2])) != heap[0][0]:
        heapreplace(heap, (now, *heap[0][1:]))
