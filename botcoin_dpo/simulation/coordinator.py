"""The coordinator: checks a submission as the game's does, and writes the annotated record.

Outcomes are found by checking the artifact, citations by reading the document, counts and scores by
the definitions of the contract; nothing is taken over from what the miner meant to do.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from botcoin_dpo.attempts.citations import Citation, citation_flags, citations_of
from botcoin_dpo.attempts.trace_scores import reasoning_depth, trace_quality
from botcoin_dpo.attempts.trace_statistics import spatial_summary, step_counts
from botcoin_dpo.contract.numbers import ratio, round_half_up
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.timestamps import from_milliseconds
from botcoin_dpo.contract.trace_text import PROVENANCE
from botcoin_dpo.rows.constraint_flips import constraint_flips
from botcoin_dpo.simulation.challenge import Challenge

MOST_ATTEMPTS = 3
SESSION_MS = 15 * 60 * 1000
REQUIRED_ANSWERS = 6
FEWEST_STEPS = 3
LOWEST_MATCH_RATE = 0.5
"""A trace with a smaller share of matching citations is not valid."""

_TIERS = {True: "EXACT", False: "UNVERIFIED"}
_METHODS = {True: "paragraph_exact", False: "paragraph_unverified"}
_FEW_STEPS = 20
_FEW_ENTITIES = 6
"""Traces below these are flagged, as the published ones with 14 and 16 steps are."""


@dataclass(frozen=True, slots=True)
class SolvingSession:
    """One miner at one challenge."""

    challenge: Challenge
    miner_id: str
    started_at: int
    """Milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What the coordinator decided about an attempt, and the feedback that the next one gets."""

    record: JsonObject
    """Without `challenge_context` and `trap_metadata`."""
    attempt_index: int
    submitted_at: int
    outcomes: list[bool]
    """Of all constraints, the tip included."""
    is_credited: bool

    @property
    def may_retry(self) -> bool:
        """Whether another attempt is allowed."""
        return not self.is_credited and self.attempt_index < MOST_ATTEMPTS


def verify(
    session: SolvingSession,
    submission: JsonObject,
    answers: dict[int, int],
    submitted_at: int,
    previous: Marking | None,
) -> Marking:
    """Return the verdict on a submission.

    Args:
        session: whose attempt it is.
        submission: model, artifact and trace; its extract steps get their provenance here.
        answers: the entity that the miner names for each question (from 0).
        submitted_at: milliseconds since the epoch.
        previous: the verdict on the attempt before.
    """
    challenge = session.challenge
    index = 1 if previous is None else previous.attempt_index + 1
    artifact: str = submission["artifact"]
    passed, would_pass_a = _check(challenge, artifact)
    total = len(passed)
    outcomes = [*passed, *(True for _ in challenge.binding.texts[total:])]
    trace: list[JsonObject] = submission["reasoning_trace"]
    citations = citations_of(trace)
    extracts = [citation.step for citation in citations]
    resolved = _resolve_citations(challenge, citations)
    stats, summary = step_counts(trace), spatial_summary(citations)
    validation = _trace_validation(extracts, stats, resolved)
    answered = _verify_answers(challenge, answers)
    is_sound = validation["ok"] and answered["passed_threshold"]
    is_credited = all(passed) and is_sound
    path = "B" if is_credited else "A" if would_pass_a and is_sound else "NONE"
    pass_count = passed.count(True)
    remaining = MOST_ATTEMPTS - index
    may_retry = not is_credited and remaining > 0
    record: JsonObject = {
        "storage_schema_version": 2,
        "quality_schema_version": 2,
        "dataset_namespace": "dataset/v2",
        "record_id": _record_id(session, index),
        "challenge_id": challenge.challenge_id,
        "challenge_seed": challenge.seed,
        "challenge_domain": challenge.domain.name,
        "miner_id": session.miner_id,
        "acceptance_path": path,
        "trap_classification": "UNKNOWN" if path == "NONE" else f"PATH_{path}",
        "pass": path != "NONE",
        "path_a_would_have_passed": would_pass_a,
        "session_status": "passed" if is_credited else "active" if may_retry else "failed",
        "constraint_total": total,
        "constraints_passed": [at for at, holds in enumerate(passed) if holds],
        "constraints_failed": [at for at, holds in enumerate(passed) if not holds],
        "constraint_results": {str(at): {"pass": holds} for at, holds in enumerate(passed)},
        "attempt_index": index,
        "credit_eligible": is_credited,
        "coarse_progress_bucket": _bucket(pass_count, total),
        "constraint_pass_count": pass_count,
        "constraint_fail_count": total - pass_count,
        "retry_metadata": {
            "attempts_used": index,
            "attempts_remaining": remaining,
            "retry_allowed": may_retry,
        },
        "attempt_submitted_at": submitted_at,
        "time_since_previous_attempt_ms": previous and submitted_at - previous.submitted_at,
        "feedback_shown": previous and _feedback(previous),
        "constraint_flip_summary": previous and constraint_flips(previous.outcomes, outcomes),
        "session_expires_at": session.started_at + SESSION_MS,
        "submission": submission,
        "submitted_answers": {
            name: {
                "value": entry["submitted"],
                "expected": entry["expected"],
                "correct": entry["correct"],
                "source": "miner_submitted",
            }
            for name, entry in answered["per_question"].items()
        },
        "answer_verification": answered,
        "trace_stats": stats,
        "trace_spatial_summary": summary,
        "trace_quality": trace_quality(stats, summary, validation["citation_match_rate"]),
    }
    flags = _trap_flags(challenge, extracts)
    if flags:
        record["error_annotation"] = {
            "error_type": "trap_trace_quality_flags",
            "trap_trace_quality_flags": flags,
        }
    record["challenge_modifiers"] = None
    record["trace_validation"] = validation
    paragraphs = len(challenge.document.paragraphs)
    record["reasoning_depth"] = reasoning_depth(stats, summary, paragraphs)
    record["timestamp"] = from_milliseconds(submitted_at)
    return Marking(record, index, submitted_at, outcomes, is_credited)


def _check(challenge: Challenge, artifact: str) -> tuple[list[bool], bool]:
    """Return the outcome of each checked constraint, and whether all would hold on path A."""
    constraints, expected = challenge.binding.constraints, challenge.expected
    passed = [
        constraint.holds(artifact, text)
        for constraint, text in zip(constraints, expected["B"], strict=True)
    ]
    would_pass_a = all(
        holds if wrong == true else constraint.holds(artifact, wrong)
        for constraint, holds, true, wrong in zip(
            constraints, passed, expected["B"], expected["A"], strict=True
        )
    )
    return passed, would_pass_a


def _resolve_citations(challenge: Challenge, citations: list[Citation]) -> list[JsonObject]:
    """Give every extract step its provenance, and return `resolved_citations`."""
    total = len(challenge.document.paragraphs)
    resolved = []
    flags = citation_flags(citations, challenge.document.text)
    for citation, matched in zip(citations, flags, strict=True):
        step = citation.step
        number = int(step["source"].removeprefix("paragraph_"))
        step[PROVENANCE] = _provenance(number, total, _zone(challenge, step, number), matched)
        resolved.append(
            {
                "stepId": step["step_id"],
                "sourceQuote": step["source"],
                "paragraphIndex": number,
                "matched": matched,
                "quoteMatchTier": _TIERS[matched],
                "matchMethod": _METHODS[matched],
            }
        )
    return resolved


@lru_cache(maxsize=4096)
def _provenance(number: int, total: int, zone: str, matched: bool) -> JsonObject:
    """Return `coordinator_provenance`; shared between steps, and never changed."""
    return {
        "paragraph_index": number,
        "paragraph_total": total,
        "document_position_pct": round_half_up(number / total, 2),
        "char_start": None,
        "char_end": None,
        "semantic_zone": zone,
        "quote_match": _TIERS[matched],
        "match_method": _METHODS[matched],
    }


def _zone(challenge: Challenge, step: JsonObject, paragraph: int) -> str:
    """Return the zone of a citation; the published zones go by the attribute's name too."""
    for place in challenge.document.traps:
        cell = place.trap.cell
        entity = challenge.table.entities[cell.entity]
        if step["targetEntity"] == entity and step["attribute"] == cell.path:
            if paragraph == place.correct_paragraph:
                return "GROUND_TRUTH"
            if paragraph in place.wrong_paragraphs:
                return "TRAP"
    return "STANDARD"


def _trace_validation(
    extracts: list[JsonObject], stats: JsonObject, resolved: list[JsonObject]
) -> JsonObject:
    matched = sum(citation["matched"] for citation in resolved)
    rate = ratio(matched, len(resolved))
    entities = {step["targetEntity"] for step in extracts}
    errors = [
        error
        for error, is_wrong in (
            ("too_few_steps", stats["total_steps"] < FEWEST_STEPS),
            ("no_extract_fact", stats["extract_fact_steps"] == 0),
            ("no_compute_logic", stats["compute_logic_steps"] == 0),
            ("low_citation_match_rate", rate < LOWEST_MATCH_RATE),
        )
        if is_wrong
    ]
    flags = [
        flag
        for flag, is_raised in (
            ("low_total_step_count", stats["total_steps"] < _FEW_STEPS),
            ("narrow_entity_coverage", len(entities) < _FEW_ENTITIES),
        )
        if is_raised
    ]
    return {
        "ok": not errors,
        "bogus": False,
        "citation_match_rate": rate,
        "total_extract_facts": len(resolved),
        "matched_extract_facts": matched,
        "warnings": [],
        "resolved_citations": resolved,
        "programmatic_score": len(flags),
        "programmatic_flags": flags,
        "errors": errors,
    }


def _verify_answers(challenge: Challenge, answers: dict[int, int]) -> JsonObject:
    """Return `answer_verification`; a question without an answer counts as wrong."""
    names = challenge.table.entities
    questions = zip(challenge.context["question_metadata"], challenge.questions, strict=True)
    per_question = {
        each["id"]: {
            "submitted": names[answers[number]] if number in answers else None,
            "expected": names[question.answer],
            "correct": answers.get(number) == question.answer,
            "answer_type": "entity_name",
        }
        for number, (each, question) in enumerate(questions)
    }
    correct = sum(entry["correct"] is True for entry in per_question.values())
    return {
        "correct": correct,
        "total": len(per_question),
        "required": REQUIRED_ANSWERS,
        "passed_threshold": correct >= REQUIRED_ANSWERS,
        "per_question": per_question,
    }


def _trap_flags(challenge: Challenge, extracts: list[JsonObject]) -> list[str]:
    """Return which of a trap's two values the trace extracts without the other."""
    flags = []
    for place in challenge.document.traps:
        cell = place.trap.cell
        entity = challenge.table.entities[cell.entity]
        values = {
            step["valueExtracted"]
            for step in extracts
            if step["targetEntity"] == entity and step["attribute"] == cell.path
        }
        has_correct, has_wrong = place.trap.correct in values, place.trap.wrong in values
        if has_correct and not has_wrong:
            flags.append(f"missing_wrong_extraction:{entity}:{cell.path}")
        elif has_wrong and not has_correct:
            flags.append(f"missing_correct_extraction:{entity}:{cell.path}")
    return flags


def _feedback(previous: Marking) -> JsonObject:
    """Return the feedback after an attempt: counts, never which constraint."""
    total = previous.record["constraint_total"]
    passed = previous.record["constraint_pass_count"]
    return {
        "progress_bucket_shown": _bucket(passed, total),
        "constraints_passed_shown": passed,
        "constraints_total_shown": total,
        "retry_allowed_shown": True,
        "attempts_remaining_shown": MOST_ATTEMPTS - previous.attempt_index,
    }


def _bucket(passed: int, total: int) -> str:
    return "gte_50" if 2 * passed >= total else "lt_50"


def _record_id(session: SolvingSession, index: int) -> str:
    """Return an id in the form of a random UUID, the same for the same attempt."""
    source = f"{session.challenge.challenge_id}/{session.miner_id}/{index}"
    digest = hashlib.sha256(source.encode()).hexdigest()
    variant = "89ab"[int(digest[16], 16) % 4]
    return "-".join(
        (digest[:8], digest[8:12], f"4{digest[13:16]}", f"{variant}{digest[17:20]}", digest[20:32])
    )
