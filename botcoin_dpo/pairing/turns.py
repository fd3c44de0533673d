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
    # What was taken only grows, so an entry of a heap may be behind, never ahead.
    groups: dict[frozenset[Hashable], list[_Group]] = defaultdict(list)
    for makers, queue in waiting.items():
        models = frozenset((makers.rejected_model, makers.chosen_model))
        groups[models].append((taken.of_miners(makers), queue[0][0], makers))
    for heap in groups.values():
        heapify(heap)
    order = [_place(heap, models, taken) for models, heap in groups.items()]
    heapify(order)
    while order:
        models = order[0][-1]
        heap = groups[models]
        place = _place(heap, models, taken)
        if place != order[0]:
            heapreplace(order, place)
            continue
        miners, _, makers = heap[0]
        _, item = waiting[makers].popleft()
        if waiting[makers]:
            heapreplace(heap, (miners, waiting[makers][0][0], makers))
        else:
            heappop(heap)
        yield item
        if heap:
            heapreplace(order, _place(heap, models, taken))
        else:
            heappop(order)


_Group = tuple[tuple[int, int], int, Makers]
"""Items of the same makers: how much their miners were taken, and the position of the first."""


def _place(
    heap: list[_Group], models: frozenset[Hashable], taken: Taken
) -> tuple[tuple[int, int], int, int, frozenset[Hashable]]:
    """Return where the first of the groups of the same models stands now; less comes first.

    No two have the same position, so that neither makers nor models are ever compared.
    """
    while (now := taken.of_miners(heap[0][2])) != heap[0][0]:
        heapreplace(heap, (now, *heap[0][1:]))
    return heap[0][0], taken.of_models(models), heap[0][1], models
