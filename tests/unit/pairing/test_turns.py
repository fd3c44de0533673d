"""Miners and models take turns where not all pairs of a challenge are wanted."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.pairing.turns import Makers, Taken, in_turns


class Item(NamedTuple):
    """A pair of a session: one miner, one model for both sides, and a number of its own."""

    miner: str
    model: str
    number: int

    @property
    def makers(self) -> Makers:
        return Makers(self.miner, self.miner, self.model, self.model)


_items = st.lists(
    st.builds(Item, st.sampled_from("abcdef"), st.sampled_from("xyz"), st.integers(0, 99)),
    max_size=30,
    unique=True,
)


def first(items: list[Item], most: int, stays: Callable[[Item], bool] = lambda item: True):  # type: ignore[no-untyped-def]
    """Return the items that are taken, of those that stay, in their turns."""
    taken, kept = Taken(), list[Item]()
    for item in in_turns(sorted(items), lambda each: each.makers, taken):
        if len(kept) == most:
            break
        if stays(item):
            taken.add(item.makers)
            kept.append(item)
    return kept


def greedy(items: list[Item], most: int) -> list[Item]:
    """Return what the contract says, by looking at all items for every turn."""
    left, kept = sorted(items), list[Item]()
    miners, models = Counter[str](), Counter[str]()
    while left and len(kept) < most:
        best = min(left, key=lambda each: (miners[each.miner], models[each.model], each))
        left.remove(best)
        kept.append(best)
        miners[best.miner] += 1
        models[best.model] += 1
    return kept


@given(_items, st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(
    items: list[Item], most: int, random: object
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert first(shuffled, most) == first(items, most) == greedy(items, most)


@given(_items, st.integers(1, 12), st.sets(st.integers(0, 99)))
def test_what_does_not_stay_has_no_turn(items: list[Item], most: int, out: set[int]) -> None:
    staying = [item for item in items if item.number not in out]
    assert first(items, most, lambda item: item.number not in out) == greedy(staying, most)


@given(_items)
def test_nothing_is_lost_and_nothing_comes_twice(items: list[Item]) -> None:
    assert sorted(first(items, len(items))) == sorted(items)


@given(_items, st.integers(1, 12))
def test_no_miner_comes_twice_before_every_other_came_once(items: list[Item], most: int) -> None:
    kept = Counter(item.miner for item in first(items, most))
    all_of = Counter(item.miner for item in items)
    for miner, count in kept.items():
        for other in all_of:
            assert kept[other] >= min(count - 1, all_of[other]), (miner, other)


def test_a_pair_of_two_miners_counts_for_both() -> None:
    pairs = [
        Makers("b", "a", "x", "x"),
        Makers("a", "b", "x", "x"),
        Makers("b", "c", "x", "x"),
        Makers("d", "e", "x", "x"),
        Makers("f", "g", "y", "y"),
    ]
    taken = Taken()
    order = []
    for makers in in_turns(pairs, lambda each: each, taken):
        taken.add(makers)
        order.append(pairs.index(makers))
    # Nobody of the first, by another model; nobody of both; one of them; both, but not as chosen.
    assert order == [0, 4, 3, 2, 1]
