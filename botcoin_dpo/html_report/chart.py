"""A chart of a report: a table that answers a question, with a bar beside its numbers.

It is text and needs no script, so it fits a phone, and who cannot see a bar reads its number. A
chart whose bars are all alike tells nothing and is not made. Texts from the data are sanitized
where the page is rendered.
"""

from collections.abc import Sequence
from typing import NamedTuple

from botcoin_dpo.html_report.checks import PairFilter

MOST_NAMES = 12
"""Names that a chart has at most."""

_ALIKE = 0.05
"""Share of the largest bar by which bars must differ to tell something."""


class Cell(NamedTuple):
    """A cell of a chart."""

    text: str
    bar: float | None = None
    """From 0 to 1, the part of its place that a bar fills; None for no bar."""
    pairs: PairFilter | None = None
    """The pairs that it counts."""


class Chart(NamedTuple):
    """A question, its answer, and the numbers."""

    question: str
    answer: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def bars(
    question: str,
    answer: str,
    columns: tuple[str, str],
    counts: Sequence[tuple[str, int]],
    pairs: Sequence[PairFilter | None] = (),
    alike: float = _ALIKE,
) -> Chart | None:
    """Return a chart of one bar a row; None if there are not two, or all are alike."""
    numbers = [count for _, count in counts]
    if len(numbers) < 2 or max(numbers) - min(numbers) <= alike * max(numbers):
        return None
    most = max(numbers)
    filters = [*pairs, *[None] * (len(counts) - len(pairs))]
    rows = [
        (Cell(name, pairs=which), Cell(f"{count:,}", count / most))
        for (name, count), which in zip(counts, filters, strict=True)
    ]
    return Chart(question, answer, columns, rows)
