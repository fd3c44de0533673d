"""Every stored count, list and score against the one that follows from trace and outcomes.

Only what is stored is compared: a key that a record leaves out is no finding, nor is one that the
contract does not define. Contract: schemas/README.md, "Trace statistics", "Trace scores", "Audit".
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.audit.rules import Finding, RuleId
from botcoin_dpo.audit.subject import Subject
from botcoin_dpo.logs.fields import JsonObject
from botcoin_dpo.rows.citations import paragraphs_of
from botcoin_dpo.rows.constraint_flips import constraint_flips
from botcoin_dpo.rows.trace_quality import reasoning_depth, trace_quality
from botcoin_dpo.rows.trace_statistics import spatial_summary, step_counts
from botcoin_dpo.rows.trace_text import PROVENANCE

_TOLERANCE = 0.0051
"""Scores are stored rounded, at places that are not told."""
_EXACT = 1e-9
_WORDS = re.compile(r"[^\W_]+")
_POINT_ZERO = re.compile(r"([0-9])\.0+\b")
_NO_WORD = re.compile(r"[\W_]+")
_BY_PROVENANCE = ("trap_paragraph_touched", "truth_paragraph_touched", "unverified_quote_count")


def audit_summaries(subject: Subject) -> Iterator[Finding]:
    """Yield the stored summaries that do not follow from the record."""
    stored = subject.stored
    stats, summary = step_counts(subject.trace), spatial_summary(subject.citations)
    yield from _compare("trace_stats", "trace_stats", stored, stats, _EXACT)
    has_zones = all(isinstance(step.get(PROVENANCE), dict) for step, *_ in subject.citations)
    told = summary
    if not has_zones:
        told = {key: value for key, value in summary.items() if key not in _BY_PROVENANCE}
    yield from _compare("spatial_summary", "trace_spatial_summary", stored, told, _EXACT)
    if has_zones:
        yield from _audit_scores(subject, stats, summary)
    yield from _audit_counts(subject)
    yield from _audit_answers(stored)
    yield from _audit_against_previous(subject)


def _audit_scores(subject: Subject, stats: JsonObject, summary: JsonObject) -> Iterator[Finding]:
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
    if not isinstance(recorded, dict):
        return
    for key, value in recomputed.items():
        held = recorded.get(key)
        if held is None or (held == value and type(held) is type(value)):
            continue  # as most are
        if not _is_near(held, value, tolerance):
            yield Finding(rule, f"{name}.{key}", held, value)


def _audit_counts(subject: Subject) -> Iterator[Finding]:
    """Yield lists of constraints and numbers of traps and paragraphs that are not the record's."""
    stored = subject.stored
    for name, outcome in (("constraints_passed", True), ("constraints_failed", False)):
        listed = stored.get(name)
        if listed is not None:
            settled = subject.outcomes[: subject.checked]
            held = [index for index, each in enumerate(settled) if each is outcome]
            if {index for index in listed if index < subject.checked} != set(held):
                yield Finding("stored_counts", name, listed, held)
    traps = stored.get("trap_metadata")
    if traps is not None and traps["traps"]:  # else they may be kept back
        counted = {"trap_count": len(traps["traps"])}
        yield from _compare("stored_counts", "trap_metadata", stored, counted, _EXACT)
    paragraphs = paragraphs_of(subject.document).total
    if paragraphs != subject.paragraph_count:
        yield Finding("stored_counts", "paragraph_count", subject.paragraph_count, paragraphs)


def _audit_answers(stored: JsonObject) -> Iterator[Finding]:
    verification = stored.get("answer_verification")
    verification = verification if isinstance(verification, dict) else {}
    counted = total = None
    for name, entries, given in (
        ("submitted_answers", stored.get("submitted_answers"), "value"),
        ("answer_verification.per_question", verification.get("per_question"), "submitted"),
    ):
        if not isinstance(entries, dict):
            continue
        correct = 0
        for question, entry in entries.items():
            marked = entry.get("correct") if isinstance(entry, dict) else None
            if not isinstance(marked, bool):
                break
            is_right = _is_right(entry.get(given), entry.get("expected"))
            correct += marked if is_right is None else is_right
            if marked != is_right and is_right is not None:
                where = f"{name}.{question[:80]}.correct"
                yield Finding("answer_counts", where, marked, is_right)
        else:
            counted = correct
            total = len(entries) if given == "submitted" else None  # others may be left out
    if counted is None:
        return
    for key, value in (("correct", counted), ("total", total)):
        recorded = verification.get(key)
        if None not in (recorded, value) and not _is_near(recorded, value, _EXACT):
            yield Finding("answer_counts", f"answer_verification.{key}", recorded, value)
    required, passed = verification.get("required"), verification.get("passed_threshold")
    if isinstance(required, int) and isinstance(passed, bool) and passed != (counted >= required):
        where = "answer_verification.passed_threshold"
        yield Finding("answer_counts", where, passed, counted >= required)


def _is_right(given: Any, expected: Any) -> bool | None:
    """Return whether an answer is the expected one; None where a coordinator may see it as it."""
    if given == expected:
        return expected is not None
    if given is None or expected is None:
        return False
    words, wanted = _words(str(given)), _words(str(expected))
    if words == wanted:
        return None if str(given).strip() != str(expected).strip() else True
    if words <= wanted or wanted <= words or _is_written_otherwise(str(given), str(expected)):
        return None
    return False


def _is_written_otherwise(given: str, expected: str) -> bool:
    """Return whether two answers have the same letters and digits, or are the same number."""
    try:
        return float(given) == float(expected)
    except ValueError:
        one, other = (_NO_WORD.sub("", text).casefold() for text in (given, expected))
        return one == other


def _words(answer: str) -> frozenset[str]:
    """Return the words of an answer without accents, marks and the difference of 1 and 1.0."""
    text = answer.casefold()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", answer).casefold()
        text = "".join(mark for mark in plain if not unicodedata.combining(mark))
    text = text.replace(",", "")
    if ".0" in text:
        text = _POINT_ZERO.sub(r"\1", text)
    return frozenset(_WORDS.findall(text))


def _audit_against_previous(subject: Subject) -> Iterator[Finding]:
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
            if stored is not None and _checked(stored, subject) != _checked(value, subject):
                yield Finding("flip_summary", f"constraint_flip_summary.{key}", flips[key], value)
    if elapsed is not None and None not in (subject.submitted_at, previous.submitted_at):
        assert subject.submitted_at is not None and previous.submitted_at is not None
        difference = subject.submitted_at - previous.submitted_at
        if elapsed != difference:
            yield Finding("time_difference", "time_since_previous_attempt_ms", elapsed, difference)


def _checked(indices: Any, subject: Subject) -> Any:
    """Return the checked constraints in a list, whatever its order."""
    if not isinstance(indices, list) or not all(isinstance(index, int) for index in indices):
        return indices
    return {index for index in indices if index < subject.checked}


def _is_near(recorded: Any, value: Any, tolerance: float) -> bool:
    """Return whether two numbers are as good as equal; nothing else is."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and isinstance(recorded, (int, float)) and not isinstance(recorded, bool):
        return bool(abs(recorded - value) <= tolerance)
    return False
