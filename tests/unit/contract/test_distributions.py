"""Distributions and tallies: right numbers, in bounded memory, whatever the order."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.distributions import OTHER, Distribution, Tally


@given(st.lists(st.integers(-999, 999), min_size=1), st.randoms(use_true_random=False))
def test_small_whole_numbers_have_exact_quantiles_in_any_order(
    values: list[int], rng: random.Random
) -> None:
    def numbers(values: list[int]) -> Any:
        distribution = Distribution()
        for value in values:
            distribution.add(value)
        return distribution.as_json()

    shuffled = rng.sample(values, len(values))
    result = numbers(values)
    assert result == numbers(shuffled)
    ordered = sorted(values)
    for share, name in ((0.25, "p25"), (0.5, "median"), (0.75, "p75"), (0.95, "p95")):
        rank = max(0, -(-len(values) * share // 1) - 1)
        assert result[name] == ordered[int(rank)]
    assert (result["min"], result["max"]) == (ordered[0], ordered[-1])
    assert sum(result["histogram"]) == len(values)


@given(st.lists(st.floats(1, 1e12), min_size=1))
def test_other_quantiles_are_within_half_a_percent(values: list[float]) -> None:
    distribution = Distribution()
    for value in values:
        distribution.add(value)
    median = distribution.quantile(0.5)
    exact = sorted(values)[-(-len(values) // 2) - 1]
    assert median == pytest.approx(exact, rel=0.0051)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_a_histogram_holds_every_value(values: list[int]) -> None:
    distribution = Distribution()
    for value in values:
        distribution.add(value)
    assert sum(distribution.histogram()) == len(values)


def test_names_beyond_the_most_count_as_others() -> None:
    tally = Tally(most=2)
    for name in ("a", "b", "c", "d", "a"):
        tally.add(name)
    assert tally.counts == {"a": 2, "b": 1, OTHER: 2}
