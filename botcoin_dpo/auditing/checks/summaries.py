"""Every stored count, list and score against the one that follows from trace and outcomes.

Only what is stored is compared: a key that a record leaves out is no finding, nor is one that the
contract does not define. Contract: schemas/README.md, "Trace statistics", "Trace scores", "Audit".
"""

from collections.abc import Iterator
from operator import is_
from typing import Any

from botcoin_dpo.attempts.citations import paragraphs_of
from botcoin_dpo.attempts.trace_scores import reasoning_depth, trace_quality
from botcoin_dpo.attempts.trace_statistics import spatial_summary, step_counts
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.nearness import is_near
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.audit_rules import RuleId
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import PROVENANCE
from botcoin_dpo.rows.constraint_flips import constraint_flips

_TOLERANCE = 0.0051
"""Scores are stored rounded, to an unknown number of places."""
_EXACT = 1e-9
_BY_PROVENANCE = ("trap_paragraph_touched", "truth_paragraph_touched", "unverified_quote_count")


def audit_summaries(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield the stored summaries that do not follow from the record."""
    stored = subject.stored
    stats, summary = step_counts(subject.trace), spatial_summary(subject.evidence.citations)
    yield from _compare("trace_stats", "trace_stats", stored, stats, _EXACT)
    provenances = [citation.step.get(PROVENANCE) for citation in subject.evidence.citations]
    has_zones = all([isinstance(provenance, dict) for provenance in provenances])
    told = summary
    if not has_zones:
        told = {key: value for key, value in summary.items() if key not in _BY_PROVENANCE}
    yield from _compare("spatial_summary", "trace_spatial_summary", stored, told, _EXACT)
    if has_zones:
        yield from _audit_scores(subject, stats, summary)
    yield from _audit_counts(subject)
    yield from _audit_against_previous(subject)


def _audit_scores(
    subject: AuditedAttempt, stats: JsonObject, summary: JsonObject
) -> Iterator[Finding]:
    stored = subject.stored
    validation = stored.get("trace_validation")
    rate = validation.get("citation_match_rate") if isinstance(validation, dict) else None
    if isinstance(rate, int | float) and not isinstance(rate, bool):
        quality = trace_quality(stats, summary, rate)
        yield from _compare("trace_quality", "trace_quality", stored, quality, _TOLERANCE)
    depth = reasoning_depth(stats, summary, subject.paragraph_count)
    yield from _compare("reasoning_depth", "reasoning_depth", stored, depth, _TOLERANCE)


def _compare(
    rule: RuleId, name: str, stored: JsonObject, recomputed: JsonObject, tolerance: float
) -> Iterator[Finding]:
    recorded = stored.get(name)
    if not isinstance(recorded, dict) or _is_equal(recorded, recomputed):  # as most are
        return
    for key, value in recomputed.items():
        held = recorded.get(key)
        is_same = held == value and type(held) is type(value)
        if held is not None and not is_same and not is_near(held, value, tolerance):
            yield Finding(rule, f"{name}.{key}", held, value)


def _is_equal(recorded: JsonObject, recomputed: JsonObject) -> bool:
    """Return whether two objects are equal, `true` and 1 being different; in the same order."""
    return recorded == recomputed and all(
        map(is_, map(type, recorded.values()), map(type, recomputed.values()))
    )


def _audit_counts(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield lists of constraints and numbers of traps and paragraphs that are not the record's."""
    stored = subject.stored
    for name, outcome in (("constraints_passed", True), ("constraints_failed", False)):
        listed = stored.get(name)
        if listed is not None:
            of_checked = subject.outcomes[: subject.checked]
            held = [index for index, each in enumerate(of_checked) if each is outcome]
            if listed == held:
                continue
            if {index for index in listed if index < subject.checked} != set(held):
                yield Finding("stored_counts", name, listed, held)
    traps = stored.get("trap_metadata")
    if traps is not None and traps["traps"]:  # else they may be kept back
        counted = {"trap_count": len(traps["traps"])}
        yield from _compare("stored_counts", "trap_metadata", stored, counted, _EXACT)
    paragraphs = paragraphs_of(subject.document).total
    if paragraphs != subject.paragraph_count:
        yield Finding("stored_counts", "paragraph_count", subject.paragraph_count, paragraphs)


def _audit_against_previous(subject: AuditedAttempt) -> Iterator[Finding]:
    flips = subject.stored.get("constraint_flip_summary")
    elapsed = subject.stored.get("time_since_previous_attempt_ms")
    previous = subject.previous
    if subject.attempt_index == 1:  # there is none
        if isinstance(flips, dict) and any(flips.values()):
            yield Finding("flip_summary", "constraint_flip_summary", flips, None)
        if elapsed:
            yield Finding("time_difference", "time_since_previous_attempt_ms", elapsed, None)
    if previous is None:
        return
    counted = {
        "constraints_passed_shown": previous.outcomes[: subject.checked].count(True),
        "constraints_total_shown": subject.checked,
    }
    yield from _compare("feedback", "feedback_shown", subject.stored, counted, _EXACT)
    if isinstance(flips, dict) and len(previous.outcomes) == len(subject.outcomes):
        recomputed = constraint_flips(previous.outcomes, subject.outcomes)
        for key, value in recomputed.items():
            stored = flips.get(key)
            if stored is None or stored == value:
                continue
            if _checked(stored, subject) != _checked(value, subject):
                yield Finding("flip_summary", f"constraint_flip_summary.{key}", stored, value)
    if elapsed is not None and None not in (subject.submitted_at, previous.submitted_at):
        assert subject.submitted_at is not None and previous.submitted_at is not None
        difference = subject.submitted_at - previous.submitted_at
        if elapsed != difference:
            yield Finding("time_difference", "time_since_previous_attempt_ms", elapsed, difference)


def _checked(indices: Any, subject: AuditedAttempt) -> Any:
    """Return the checked constraints in a list, whatever its order."""
    if not isinstance(indices, list) or not all(isinstance(index, int) for index in indices):
        return indices
    return {index for index in indices if index < subject.checked}
