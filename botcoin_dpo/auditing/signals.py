"""What the two sides of a pair are like: signals, not verdicts.

No cut-off is known that holds everywhere, so distributions are reported, and nothing is dropped.
Contract: schemas/README.md, "Audit".
"""

from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.contract.audit_rules import FAST_RETRY_MS
from botcoin_dpo.contract.numbers import ratio, round_half_up
from botcoin_dpo.contract.trace_text import is_revision

_MOST_WORK = 10**9
"""Words of one side times words of the other, beyond which they are not aligned."""


def pair_signals(
    rejected: AuditedAttempt,
    chosen: AuditedAttempt,
    rejected_text: str,
    chosen_text: str,
    revision_time_ms: int | None,
) -> dict[str, Any]:
    """Return the signals of a pair.

    Args:
        rejected: the failing attempt.
        chosen: the passing attempt.
        rejected_text: as the row has it.
        chosen_text: as the row has it.
        revision_time_ms: between the two, where it is known.
    """
    return {
        "edit_similarity": edit_similarity(rejected_text, chosen_text),
        "length_ratio": round_half_up(ratio(len(chosen_text), len(rejected_text)), 3),
        "equal_artifacts": rejected.artifact == chosen.artifact,
        "retry_under_10s": None if revision_time_ms is None else revision_time_ms < FAST_RETRY_MS,
        "revision_steps": sum(map(is_revision, chosen.trace)),
        "right_answers": _right_answers(chosen),
        "unmatched_citations": chosen.evidence.flags.count(False),
    }


def edit_similarity(one: str, other: str) -> float | int | None:
    """Return how alike the words of two texts are, from 0 to 1; None if they are too many."""
    from rapidfuzz.distance import Indel  # not every command needs it

    before, after = one.split(), other.split()
    if len(before) * len(after) > _MOST_WORK:
        return None
    return round_half_up(Indel.normalized_similarity(before, after), 3)


def _right_answers(subject: AuditedAttempt) -> float | int | None:
    verification = subject.stored.get("answer_verification")
    if not isinstance(verification, dict):
        return None
    correct, total = verification.get("correct"), verification.get("total")
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in (correct, total)):
        return None
    if not 0 <= correct <= total or total == 0:  # type: ignore[operator]
        return None
    return round_half_up(ratio(correct, total), 3)  # type: ignore[arg-type]
