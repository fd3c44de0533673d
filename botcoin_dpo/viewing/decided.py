"""What the audit that a row carries says of each outcome, as far as its counts tell.

A row has the counts of its verdicts alone, by status and ground. An audit of the row knows less
than that of the build, so it may decide the same outcome by another ground. What is shown of each
outcome must agree with the counts; where they leave it open, nothing is said.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import Ground, Status


class Decided(NamedTuple):
    """What is known of the verdict on an outcome."""

    status: Status | None
    """None where the counts leave it open."""
    ground: Ground | None
    """None where it stands on nothing, or where the counts leave it open."""


def decided(verdicts: Sequence[Verdict], audit: JsonObject | None, side: str) -> list[Decided]:
    """Return what is known of each outcome of a side.

    Args:
        verdicts: by what the row tells.
        audit: that the row carries; None if it carries none.
        side: `rejected` or `chosen`.
    """
    found = [Decided(verdict.status, verdict.ground) for verdict in verdicts]
    if audit is None:
        return found
    told = _told(audit["verdicts"][side], audit["grounds"][side])
    counts = Counter(found)
    kept = {each for each in counts if counts[each] == told[each]}
    rest = _shared({each for each in told if each not in kept})
    return [each if each in kept else rest for each in found]


def _told(verdicts: JsonObject, grounds: JsonObject) -> Counter[Decided]:
    """Return the counts of a row's audit."""
    told: Counter[Decided] = Counter()
    status: Status
    for status, count in verdicts.items():  # type: ignore[assignment]
        by_ground = grounds.get(status, {})
        told[Decided(status, None)] = count - sum(by_ground.values())
        told.update({Decided(status, ground): of for ground, of in by_ground.items()})
    return +told


def _shared(left: Iterable[Decided]) -> Decided:
    """Return what all have that are left: it holds for each outcome, whichever is whose."""
    statuses, grounds = {each.status for each in left}, {each.ground for each in left}
    return Decided(
        statuses.pop() if len(statuses) == 1 else None, grounds.pop() if len(grounds) == 1 else None
    )
