"""The weights that balance labels in TRL's `KTOConfig`.

TRL's documentation (its page "KTO Trainer", as of TRL 1.12) asks for desirable_weight *
desirable examples to undesirable_weight * undesirable examples in the range 1:1 to 4:3, and for a
higher weight of the rarer label.
"""

from typing import NamedTuple


class LabelWeights(NamedTuple):
    """Names are those of `KTOConfig`, without `_weight`."""

    desirable: float
    undesirable: float


def suggested_weights(desirable: int, undesirable: int) -> LabelWeights | None:
    """Return weights that bring the ratio into the range, of which one is 1.

    The other is the least that does, rounded up to hundredths.

    Args:
        desirable: number of examples that are labelled good.
        undesirable: number of examples that are labelled bad.

    Returns:
        None where a label has no example, so that no weight balances them.
    """
    if not desirable or not undesirable:
        return None
    if desirable < undesirable:
        return LabelWeights(_hundredths(undesirable, desirable), 1.0)
    if 3 * desirable > 4 * undesirable:
        return LabelWeights(1.0, _hundredths(3 * desirable, 4 * undesirable))
    return LabelWeights(1.0, 1.0)


def _hundredths(part: int, whole: int) -> float:
    return -(-100 * part // whole) / 100
