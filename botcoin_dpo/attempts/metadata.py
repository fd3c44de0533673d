"""The metadata of one side: what the record carries, and what is derived where it lacks it.

What is carried is carried whole and never filled in. Contract: schemas/README.md, "The row".
"""

from typing import Any

import msgspec
from msgspec.structs import asdict

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.citations import citation_match_rate
from botcoin_dpo.attempts.trace_statistics import spatial_summary, step_counts
from botcoin_dpo.contract.numbers import number_of
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.timestamps import from_milliseconds


class _TraceValidation(msgspec.Struct):
    ok: Any = None
    citation_match_rate: Any = None
    programmatic_score: Any = None


class _AnswerVerification(msgspec.Struct):
    correct: Any = None
    total: Any = None
    required: Any = None
    passed_threshold: Any = None


_validation = msgspec.json.Decoder(_TraceValidation | None, float_hook=number_of)
_verification = msgspec.json.Decoder(_AnswerVerification | None, float_hook=number_of)


def side_metadata(attempt: Attempt) -> JsonObject:
    """Return `rejected_metadata` or `chosen_metadata`, in the published order of keys."""
    record, outcomes = attempt.record, attempt.outcomes
    since_previous = record.time_since_previous_attempt_ms
    if since_previous is None:
        since_previous = attempt.time_since_previous_ms
    timestamp = record.timestamp
    if timestamp is None and record.attempt_submitted_at is not None:
        timestamp = from_milliseconds(record.attempt_submitted_at)
    metadata: JsonObject = {
        "record_id": record.record_id,
        "attempt_index": record.attempt_index,
        "acceptance_path": record.acceptance_path,
        "trap_classification": record.trap_classification,
        "pass": record.passed,
        "credit_eligible": record.credit_eligible,
        "constraint_pass_count": outcomes.pass_count,
        "constraint_fail_count": outcomes.fail_count,
        "coarse_progress_bucket": record.coarse_progress_bucket,
        "model": record.submission.model,
        "trace_stats": step_counts(attempt.steps)
        if record.trace_stats is None
        else record.trace_stats,
        "trace_validation": _trace_validation(attempt),
        "trace_spatial_summary": spatial_summary(attempt.citations)
        if record.trace_spatial_summary is None
        else record.trace_spatial_summary,
        "error_annotation": record.error_annotation,
        "time_since_previous_attempt_ms": since_previous,
        "feedback_shown": record.feedback_shown,
        "constraint_flip_summary": record.constraint_flip_summary,
        "retry_metadata": record.retry_metadata,
        "timestamp": timestamp,
    }
    if record.constraint_flip_summary is None:
        del metadata["constraint_flip_summary"]
    if record.trace_quality is not None:
        metadata["trace_quality"] = record.trace_quality
    if record.reasoning_depth is not None:
        metadata["reasoning_depth"] = record.reasoning_depth
    carried = record.answer_verification
    verification = None if carried is None else _verification.decode(carried)
    if verification is not None:
        metadata["answer_verification"] = asdict(verification)
    return metadata


def _trace_validation(attempt: Attempt) -> JsonObject:
    carried = attempt.record.trace_validation
    validation = None if carried is None else _validation.decode(carried)
    if validation is None:
        rate = citation_match_rate(attempt.citations, attempt.context.document)
        validation = _TraceValidation(citation_match_rate=rate)
    return asdict(validation)
