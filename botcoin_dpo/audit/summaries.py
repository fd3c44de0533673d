"""Every stored count, list and score against the one that follows from trace and outcomes.

Only what is stored is compared: a key that a record leaves out is no finding, nor is one that the
contract does not define. Contract: schemas/README.md, "Trace statistics", "Trace scores", "Audit".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo.audit.rules import Finding, RuleId
from botcoin_dpo.audit.subject import Subject
from botcoin_dpo.logs.fields import JsonObject
from botcoin_dpo.rows.constraint_flips import constraint_flips
from botcoin_dpo.rows.trace_quality import reasoning_depth, trace_quality
from botcoin_dpo.rows.trace_statistics import spatial_summary, step_counts

_TOLERANCE = 0.0051
"""Scores are stored rounded, at places that are not told."""
_EXACT = 1e-9


def audit_summaries(subject: Subject) -> Iterator[Finding]:
    """Yield the stored summaries that do not follow from the record."""
    stored = subject.stored
    stats, summary = step_counts(subject.trace), spatial_summary(subject.extracts)
    yield from _compare("trace_stats", "trace_stats", stored, stats, _EXACT)
    yield from _compare("spatial_summary", "trace_spatial_summary", stored, summary, _EXACT)
    validation = stored.get("trace_validation")
    rate = validation.get("citation_match_rate") if isinstance(validation, dict) else None
    if isinstance(rate, int | float) and not isinstance(rate, bool):
        quality = trace_quality(stats, summary, rate)
        yield from _compare("trace_quality", "trace_quality", stored, quality, _TOLERANCE)
    depth = reasoning_depth(stats, summary, subject.paragraph_count)
    yield from _compare("reasoning_depth", "reasoning_depth", stored, depth, _TOLERANCE)
    yield from _audit_answers(stored)
    yield from _audit_against_previous(subject)


def _compare(
    rule: RuleId, name: str, stored: JsonObject, recomputed: JsonObject, tolerance: float
) -> Iterator[Finding]:
    recorded = stored.get(name)
    if not isinstance(recorded, dict):
        return
    for key, value in recomputed.items():
        if key in recorded and not _is_same(recorded[key], value, tolerance):
            yield Finding(rule, f"{name}.{key}", recorded[key], value)


def _audit_answers(stored: JsonObject) -> Iterator[Finding]:
    verification = stored.get("answer_verification")
    verification = verification if isinstance(verification, dict) else {}
    counted: int | None = None
    for name, entries, given in (
        ("submitted_answers", stored.get("submitted_answers"), "value"),
        ("answer_verification.per_question", verification.get("per_question"), "submitted"),
    ):
        if not isinstance(entries, dict):
            continue
        correct = 0
        for question, entry in entries.items():
            if not isinstance(entry, dict) or not isinstance(entry.get("correct"), bool):
                break
            is_right = entry.get("expected") is not None and _is_same_answer(
                entry.get(given), entry["expected"]
            )
            correct += is_right
            if entry["correct"] != is_right:
                where = f"{name}.{question[:80]}.correct"
                yield Finding("answer_counts", where, entry["correct"], is_right)
        else:
            counted = correct
            total = len(entries)
    if counted is None:
        return
    for key, value in (("correct", counted), ("total", total)):
        recorded = verification.get(key)
        if recorded is not None and not _is_same(recorded, value, _EXACT):
            yield Finding("answer_counts", f"answer_verification.{key}", recorded, value)
    required, passed = verification.get("required"), verification.get("passed_threshold")
    if isinstance(required, int) and isinstance(passed, bool) and passed != (counted >= required):
        where = "answer_verification.passed_threshold"
        yield Finding("answer_counts", where, passed, counted >= required)


def _is_same_answer(given: Any, expected: Any) -> bool:
    if given == expected:
        return True
    if isinstance(given, str) and isinstance(expected, str):
        return given.strip().casefold() == expected.strip().casefold()
    return False


def _audit_against_previous(subject: Subject) -> Iterator[Finding]:
    previous = subject.previous
    if previous is None:
        return
    recorded = subject.stored.get("constraint_flip_summary")
    if isinstance(recorded, dict) and len(previous.outcomes) == len(subject.outcomes):
        flips = constraint_flips(previous.outcomes, subject.outcomes)
        for key, value in flips.items():
            if key in recorded and recorded[key] != value:
                yield Finding(
                    "flip_summary", f"constraint_flip_summary.{key}", recorded[key], value
                )
    elapsed = subject.stored.get("time_since_previous_attempt_ms")
    if elapsed is not None and None not in (subject.submitted_at, previous.submitted_at):
        assert subject.submitted_at is not None and previous.submitted_at is not None
        difference = subject.submitted_at - previous.submitted_at
        if elapsed != difference:
            yield Finding("time_difference", "time_since_previous_attempt_ms", elapsed, difference)


def _is_same(recorded: Any, value: Any, tolerance: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and isinstance(recorded, int | float) and not isinstance(recorded, bool):
        return bool(abs(recorded - value) <= tolerance)
    return type(recorded) is type(value) and bool(recorded == value)
