"""Citations, read again in the document, against what the record says of them.

The record says it in three places: a rate, one entry for each citation, and the tier in the step's
provenance. They may contradict each other. Contract: schemas/README.md, "Citations", "Audit".
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from botcoin_dpo import numbers
from botcoin_dpo.audit.rules import Finding
from botcoin_dpo.audit.subject import Subject
from botcoin_dpo.logs.fields import JsonObject
from botcoin_dpo.rows.citations import located_paragraph, named_paragraph
from botcoin_dpo.rows.trace_text import PROVENANCE

_UNVERIFIED = "UNVERIFIED"
_TOLERANCE = 0.0051
"""The rate may be stored rounded."""

_METHODS = frozenset({"paragraph_exact", "paragraph_unverified"})


def audit_citations(subject: Subject) -> Iterator[Finding]:
    """Yield where a record and the document disagree about citations."""
    validation = subject.stored.get("trace_validation")
    if not _METHODS.issuperset(_methods(subject, validation)):
        return  # matched in a way that is not known here
    names = [_name_of(step.get("step_id"), at) for at, step in enumerate(subject.extracts)]
    is_method_told = True
    for step, name, matches in zip(subject.extracts, names, subject.flags, strict=True):
        located, named = located_paragraph(step), named_paragraph(step)
        # Below 0 there is no paragraph: it says that none was found.
        if named is not None and located is not None and located >= 0 and named != located:
            yield Finding("citation_source", name, located, named)
        provenance = step.get(PROVENANCE)
        tier = provenance.get("quote_match") if isinstance(provenance, dict) else None
        if _is_other_tier(tier, matches):
            is_method_told = is_method_told and bool(provenance and "match_method" in provenance)
            yield Finding("citation_tier", name, tier, _words(matches))
    if not isinstance(validation, dict):
        return
    matched, total = sum(subject.flags), len(subject.flags)
    recomputed = {
        "citation_match_rate": numbers.ratio(matched, total),
        "matched_extract_facts": matched,
        "total_extract_facts": total,
    }
    for key, value in recomputed.items() if is_method_told else ():
        recorded = validation.get(key)
        if recorded is not None and not _is_near(recorded, value):
            yield Finding("citation_rate", f"trace_validation.{key}", recorded, value)
    times = Counter(names)
    by_name = {
        name: (step, matches)
        for step, name, matches in zip(subject.extracts, names, subject.flags, strict=True)
        if times[name] == 1 and step.get("step_id") == name
    }
    resolved = validation.get("resolved_citations")
    for entry in resolved if isinstance(resolved, list) else ():
        cited = entry.get("stepId") if isinstance(entry, dict) else None
        if isinstance(cited, str) and cited in by_name:
            yield from _audit_resolved(entry, cited, *by_name[cited])


def _audit_resolved(
    entry: JsonObject, name: str, step: JsonObject, matches: bool
) -> Iterator[Finding]:
    """Yield where an entry of `resolved_citations` disagrees with its step and the document."""
    matched, paragraph, tier = map(entry.get, ("matched", "paragraphIndex", "quoteMatchTier"))
    if isinstance(matched, bool) and matched != matches:
        yield Finding("citation_flag", name, matched, matches)
    named = named_paragraph(step)
    cited = located_paragraph(step) if named is None else named
    is_told = type(paragraph) in (int, float) and paragraph >= 0  # type: ignore[operator]
    if is_told and cited is not None and paragraph != cited:
        yield Finding("citation_source", name, paragraph, cited)
    if _is_other_tier(tier, matches):
        yield Finding("citation_tier", name, tier, _words(matches))


def _is_other_tier(tier: Any, matches: bool) -> bool:
    """Return whether a tier says the contrary of what the document says."""
    return isinstance(tier, str) and tier != "" and (tier.upper() != _UNVERIFIED) != matches


def _methods(subject: Subject, validation: Any) -> Iterator[str]:
    """Yield how citations are said to have been matched."""
    for step in subject.extracts:
        provenance = step.get(PROVENANCE)
        if isinstance(provenance, dict) and isinstance(provenance.get("match_method"), str):
            yield provenance["match_method"]
    resolved = validation.get("resolved_citations") if isinstance(validation, dict) else None
    for entry in resolved if isinstance(resolved, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("matchMethod"), str):
            yield entry["matchMethod"]


def _name_of(step_id: Any, at: int) -> str:
    return step_id if isinstance(step_id, str) else f"extract {at + 1}"


def _words(matches: bool) -> str:
    return "matches" if matches else "does not match"


def _is_near(recorded: Any, value: float) -> bool:
    is_number = isinstance(recorded, int | float) and not isinstance(recorded, bool)
    return is_number and abs(recorded - value) <= _TOLERANCE
