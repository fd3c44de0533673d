"""Turns honest records into lies."""

from tests.oracle.attempts import Attempt
from tests.oracle.records import label


def relabel(attempt: Attempt) -> Attempt:
    """Turn a failing attempt into a credited pass, in all that its record says."""
    attempt.changed = {at for at, holds in enumerate(attempt.outcomes) if not holds}
    attempt.is_relabelled = True
    label(attempt.record, [True] * len(attempt.outcomes), path="B")
    return attempt


def flip(attempt: Attempt, index: int) -> Attempt:
    """Record one outcome of a failing attempt wrongly."""
    outcomes = [holds != (at == index) for at, holds in enumerate(attempt.outcomes)]
    attempt.changed = {index}
    label(attempt.record, outcomes, path=None)
    return attempt
