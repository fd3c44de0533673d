"""One attempt as an audit looks at it, from a decoded record.

The audit takes nothing from the modules that made a row's annotations but the contract's own
definitions (`rows/`), and nothing from what it is to check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from botcoin_dpo.attempts.attempt import Attempt, PreviousAttempt
from botcoin_dpo.auditing.expected_texts.constraint_set import ConstraintSet, constraint_set_of
from botcoin_dpo.auditing.trace_evidence import TraceEvidence
from botcoin_dpo.constraints.kinds import KINDS, Kinds
from botcoin_dpo.contract.record_types import AttemptRecord, JsonObject
from botcoin_dpo.logs.undecoded import decode_value


@dataclass(frozen=True, eq=False, slots=True)
class AuditedAttempt:
    """An attempt as recorded, and what follows from it; a field that the record lacks is None."""

    record_id: str
    miner_id: str
    attempt_index: int
    domain: str | None
    model: str | None
    artifact: str
    trace: list[JsonObject]
    document: str
    questions: tuple[str, ...]
    constraints: list[str]
    outcomes: list[bool | None]
    """As recorded, of all constraints."""
    checked: int
    """Constraints that are checked; they come first."""
    passed: bool
    """As recorded."""
    is_credited: bool
    answers: Sequence[str | None] | None
    """What the coordinator expects, by question."""
    answers_are_ordered: bool
    """Whether the record says which question each of them belongs to."""
    traps: list[JsonObject]
    acceptance_path: str | None
    trap_classification: str | None
    paragraph_count: int
    stored: JsonObject
    """The summaries that the record carries, by their names there."""
    submitted_at: int | None
    kinds: Kinds
    """Of constraints, those that are known."""
    constraint_set: ConstraintSet
    """What the checked constraints ask for."""
    evidence: TraceEvidence
    """What the trace says."""
    previous: PreviousAttempt | None = None
    """The attempt of the session whose index is one less, where it is known."""
    trace_lines: Sequence[str] | None = None
    """The steps as a row has them; None where `trace` is what the miner wrote."""

    def answer(self, question: int) -> str | None:
        """Return what the coordinator expects for a question (from 1), None if that is unknown."""
        if self.answers is None or not 1 <= question <= len(self.answers):
            return None
        return self.answers[question - 1]


_STORED = (
    "trace_validation",
    "trace_stats",
    "trace_spatial_summary",
    "trace_quality",
    "reasoning_depth",
    "answer_verification",
    "submitted_answers",
    "constraint_flip_summary",
    "time_since_previous_attempt_ms",
    "feedback_shown",
    "trap_metadata",
    "timestamp",
    "session_expires_at",
    "retry_metadata",
    "coarse_progress_bucket",
    "error_annotation",
    "session_status",
    "credit_eligible",
    "path_a_would_have_passed",
)
_LISTS = ("constraints_passed", "constraints_failed")


def audited_attempt_of(
    attempt: Attempt, previous: PreviousAttempt | None = None, kinds: Kinds = KINDS
) -> AuditedAttempt:
    """Return a decoded attempt as an audit looks at it."""
    record, context, outcomes = attempt.record, attempt.context, attempt.outcomes
    traps = (record.trap_metadata or {}).get("traps")
    submitted_at = record.attempt_submitted_at
    stored = {name: value for name in _STORED if (value := _decoded(record, name)) is not None}
    if _has_all_results(record, outcomes.checked):  # else outcomes follow from the lists
        stored |= {name: value for name in _LISTS if (value := getattr(record, name)) is not None}
    return AuditedAttempt(
        record_id=record.record_id,
        miner_id=attempt.candidate.miner_id,
        attempt_index=record.attempt_index,
        domain=record.challenge_domain,
        model=record.submission.model,
        artifact=record.submission.artifact,
        trace=attempt.steps,
        document=context.document,
        questions=tuple(context.questions),
        constraints=context.constraints,
        outcomes=outcomes.passed,
        checked=outcomes.checked,
        passed=record.passed,
        is_credited=attempt.candidate.is_credited,
        answers=expected_answers(
            stored.get("submitted_answers"),
            stored.get("answer_verification"),
            context.question_metadata,
            len(context.questions),
        ),
        answers_are_ordered=isinstance(context.question_metadata, list),
        traps=[trap for trap in traps if isinstance(trap, dict)] if traps else [],
        acceptance_path=record.acceptance_path,
        trap_classification=record.trap_classification,
        paragraph_count=attempt.paragraph_count,
        stored=stored,
        submitted_at=submitted_at,
        kinds=kinds,
        constraint_set=constraint_set_of(tuple(context.constraints[: outcomes.checked]), kinds),
        evidence=TraceEvidence(attempt.steps, context.document),
        previous=previous,
    )


def _decoded(record: AttemptRecord, name: str) -> Any:
    """Return a field of a record, decoded if it is left as JSON."""
    value = getattr(record, name)
    return decode_value(value) if isinstance(value, msgspec.Raw) else value


def _has_all_results(record: AttemptRecord, checked: int) -> bool:
    """Return whether `constraint_results` alone decides all checked constraints."""
    results = record.constraint_results or {}
    for index in range(checked):
        result = results.get(str(index))
        if result is None or result.passed is None:
            return False
    return True


def expected_answers(
    submitted: Any, verification: Any, metadata: Any, questions: int
) -> list[str | None] | None:
    """Return the answers that the coordinator expects, in question order; None if unknown.

    Args:
        submitted: `submitted_answers`, by question id.
        verification: `answer_verification`, whose `per_question` says the same.
        metadata: `question_metadata`, whose ids are in question order; without it the order is
            that of the answers.
        questions: how many questions there are.
    """
    entries = submitted
    if not isinstance(entries, dict) or not entries:
        entries = verification.get("per_question") if isinstance(verification, dict) else None
    if not isinstance(entries, dict):
        return None
    ids = list(entries)
    if isinstance(metadata, list):
        ids = [each.get("id") if isinstance(each, dict) else None for each in metadata]
    if len(ids) != questions:
        return None
    found = [entries.get(each) if isinstance(each, str) else None for each in ids]
    answers = [each.get("expected") if isinstance(each, dict) else None for each in found]
    return [answer if isinstance(answer, str) and answer else None for answer in answers]
