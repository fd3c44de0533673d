"""Counts and distributions that do not grow with the data.

Both are the same whatever the order of the values, so that statistics of the same data are the
same numbers.
"""

from collections import Counter
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)

_BINS = 10
OTHER = "(other)"


class Tally:
    """Counts by name; names beyond the most that are kept count as `(other)`."""

    def __init__(self, most: int = 1000) -> None:
        """Count nothing yet.

        Args:
            most: names counted separately; the rest go to `(other)`.
        """
        self.counts: Counter[str] = Counter()
        self._most = most

    def add(self, name: str | None, count: int = 1) -> None:
        """Count a name; None is `(unknown)`."""
        name = "(unknown)" if name is None else name[:200]
        if name not in self.counts and len(self.counts) >= self._most:
            name = OTHER
        self.counts[name] += count

    def merge(self, other: "Tally") -> None:
        """Add all that another has counted."""
        for name, count in other.counts.items():
            self.add(name, count)

    def as_json(self) -> dict[str, int]:
        """Return the counts, the largest first."""
        return dict(sorted(self.counts.items(), key=lambda item: (-item[1], item[0])))


class Distribution:
    """Minimum, quartiles, 95th percentile and maximum of numbers.

    Minimum and maximum are exact. Quantiles are by nearest rank (the smallest value that at least
    the given share of values does not exceed) over values rounded to three significant digits: at
    most 0.5% off, exact for whole numbers below 1,000, and in bounded memory.
    """

    def __init__(self) -> None:
        """Start without values."""
        self.count = 0
        self.minimum: float | None = None
        self.maximum: float | None = None
        self._rounded: Counter[float] = Counter()

    def add(self, value: float | None) -> None:
        """Add a value; None is no value."""
        if value is None:
            return
        self.count += 1
        self.minimum = value if self.minimum is None else min(self.minimum, value)
        self.maximum = value if self.maximum is None else max(self.maximum, value)
        self._rounded[_round(value)] += 1

    def merge(self, other: "Distribution") -> None:
        """Add all values of another."""
        if other.minimum is None or other.maximum is None:
            return
        self.count += other.count
        self.minimum = min(other.minimum, other.minimum if self.minimum is None else self.minimum)
        self.maximum = max(other.maximum, other.maximum if self.maximum is None else self.maximum)
        self._rounded.update(other._rounded)

    def quantile(self, share: float) -> float | None:
        """Return the quantile of a share from 0 to 1; None without values."""
        if self.minimum is None or self.maximum is None:
            return None
        return min(max(quantile(self._rounded, share), self.minimum), self.maximum)

    def histogram(self) -> list[int]:
        """Return counts in 10 bins of equal width from minimum to the 95th percentile.

        Larger values are in the last one.
        """
        bins = [0] * _BINS
        low, high = self.quantile(0), self.quantile(0.95)
        if low is None or high is None:
            return bins
        width = (high - low) / _BINS or 1
        for value, count in self._rounded.items():
            # A value may be rounded to below the exact minimum.
            bins[max(0, min(int((value - low) / width), _BINS - 1))] += count
        return bins

    def as_json(self) -> dict[str, Any]:
        """Return the numbers."""
        return {
            "count": self.count,
            "min": self.minimum,
            "p25": self.quantile(0.25),
            "median": self.quantile(0.5),
            "p75": self.quantile(0.75),
            "p95": self.quantile(0.95),
            "max": self.maximum,
            "histogram": self.histogram(),
        }


def quantile(counts: Counter[Number], share: float) -> Number:
    """Return the smallest value that at least the given share of values does not exceed.

    Args:
        counts: how often each value is there; one is at least.
        share: from 0 to 1.
    """
    rank, passed = share * counts.total(), 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= rank:
            return value
    raise ValueError("no values")


def _round(value: float) -> float:
    """Return a number rounded to three significant digits."""
    if isinstance(value, int) and -1000 < value < 1000:
        return value
    rounded = float(f"{value:.3g}")
    return int(rounded) if rounded.is_integer() else rounded
