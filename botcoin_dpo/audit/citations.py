"""Citations, read again in the document, against what the record says of them.

The record says it in three places: a rate, one entry for each citation, and the tier in the step's
provenance. They may contradict each other. Contract: schemas/README.md, "Citations", "Audit".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo import numbers
from botcoin_dpo.audit.rules import Finding
from botcoin_dpo.audit.subject import Subject
from botcoin_dpo.rows.trace_text import PROVENANCE

_UNVERIFIED = "UNVERIFIED"
_TOLERANCE = 1e-9


def audit_citations(subject: Subject) -> Iterator[Finding]:
    """Yield where a record and the document disagree about citations."""
    names = [_name_of(step.get("step_id"), at) for at, step in enumerate(subject.extracts)]
    for step, name, matches in zip(subject.extracts, names, subject.flags, strict=True):
        provenance = step.get(PROVENANCE)
        tier = provenance.get("quote_match") if isinstance(provenance, dict) else None
        if isinstance(tier, str) and tier and (tier.upper() != _UNVERIFIED) != matches:
            yield Finding("citation_tier", name, tier, _words(matches))
    validation = subject.stored.get("trace_validation")
    if not isinstance(validation, dict):
        return
    matched, total = sum(subject.flags), len(subject.flags)
    recomputed = {
        "citation_match_rate": numbers.ratio(matched, total),
        "matched_extract_facts": matched,
        "total_extract_facts": total,
    }
    for key, value in recomputed.items():
        recorded = validation.get(key)
        if recorded is not None and not _is_near(recorded, value):
            yield Finding("citation_rate", f"trace_validation.{key}", recorded, value)
    by_name = dict(zip(names, subject.flags, strict=True))
    resolved = validation.get("resolved_citations")
    for at, entry in enumerate(resolved if isinstance(resolved, list) else ()):
        if not isinstance(entry, dict) or not isinstance(entry.get("matched"), bool):
            continue
        name = _name_of(entry.get("stepId"), at)
        if name in by_name and entry["matched"] != by_name[name]:
            yield Finding("citation_flag", name, entry["matched"], by_name[name])


def _name_of(step_id: Any, at: int) -> str:
    return step_id if isinstance(step_id, str) else f"extract {at + 1}"


def _words(matches: bool) -> str:
    return "matches" if matches else "does not match"


def _is_near(recorded: Any, value: float) -> bool:
    is_number = isinstance(recorded, int | float) and not isinstance(recorded, bool)
    return is_number and abs(recorded - value) <= _TOLERANCE
