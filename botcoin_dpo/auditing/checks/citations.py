"""Citations, read again in the document, against what the record says of them.

The record says it in three places: a rate, one entry for each citation, and the tier in the step's
provenance. They may contradict each other. Contract: schemas/README.md, "Citations", "Audit".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo.attempts.citations import Citation
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.nearness import is_near
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import PROVENANCE, step_id_of

_EXACT, _UNVERIFIED = "EXACT", "UNVERIFIED"
BY_PARAGRAPH = {"paragraph_exact": True, "paragraph_unverified": False}
"""By method that looks at a paragraph: whether a citation matches."""

_METHOD = {matches: method for method, matches in BY_PARAGRAPH.items()}

_TOLERANCE = 0.0051
"""The rate may be stored rounded."""


def audit_citations(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield where a record and the document disagree about citations."""
    stored = subject.stored.get("trace_validation")
    validation: JsonObject = stored if isinstance(stored, dict) else {}
    listed = validation.get("resolved_citations")
    resolved = (
        [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    )
    methods = [each.get("matchMethod") for each in resolved]
    is_method_told = True
    by_id: dict[str, tuple[Citation, bool] | None] = {}
    findings: list[Finding] = []
    citations, flags = subject.evidence.citations, subject.evidence.flags
    for at, (citation, matches) in enumerate(zip(citations, flags, strict=True)):
        step, located, named = citation.step, citation.located, citation.named
        step_id, provenance = step_id_of(step), step.get(PROVENANCE)
        if step_id is not None:
            name = str(step_id)
            by_id[name] = None if name in by_id else (citation, matches)
        # Below 0 there is no paragraph: it says that none was found.
        if named != located and named is not None and located is not None and located >= 0:
            findings.append(Finding("citation_source", _name_of(step_id, at), located, named))
        if not isinstance(provenance, dict):
            continue
        method = provenance.get("match_method")
        methods.append(method)
        tier = provenance.get("quote_match")
        if _is_other_tier(tier, matches):
            is_method_told = is_method_told and "match_method" in provenance
            findings.append(Finding("citation_tier", _name_of(step_id, at), tier, _words(matches)))
        elif method != _METHOD[matches] and _is_other_method(method, matches):
            where = f"{_name_of(step_id, at)}.match_method"
            findings.append(Finding("citation_tier", where, method, _words(matches)))
    if not BY_PARAGRAPH.keys() >= {each for each in methods if isinstance(each, str)}:
        return  # matched in a way that is not known here
    yield from findings
    if is_method_told:
        yield from _audit_numbers(validation, flags)
    for entry in resolved:
        step_id = entry.get("stepId")
        found = by_id.get(str(step_id)) if type(step_id) in (str, int) else None
        if found is not None:
            yield from _audit_resolved(entry, *found)


def _audit_numbers(validation: JsonObject, flags: list[bool]) -> Iterator[Finding]:
    """Yield the stored numbers of matches that are not those of the citations."""
    matched, total = sum(flags), len(flags)
    recomputed = {
        "citation_match_rate": numbers.ratio(matched, total),
        "matched_extract_facts": matched,
        "total_extract_facts": total,
    }
    for key, value in recomputed.items():
        recorded = validation.get(key)
        if recorded is not None and not is_near(recorded, value, _TOLERANCE):
            yield Finding("citation_rate", f"trace_validation.{key}", recorded, value)


def _audit_resolved(entry: JsonObject, citation: Citation, matches: bool) -> list[Finding]:
    """Return where an entry of `resolved_citations` disagrees with its step and the document."""
    name = str(entry["stepId"])
    findings = []
    matched, paragraph = entry.get("matched"), entry.get("paragraphIndex")
    if matched != matches and isinstance(matched, bool):
        findings.append(Finding("citation_flag", name, matched, matches))
    cited = citation.located if citation.named is None else citation.named
    if paragraph != cited and cited is not None:
        is_told = isinstance(paragraph, (int, float)) and not isinstance(paragraph, bool)
        if is_told and paragraph >= 0:  # type: ignore[operator]
            findings.append(Finding("citation_source", name, paragraph, cited))
    tier, method = entry.get("quoteMatchTier"), entry.get("matchMethod")
    if _is_other_tier(tier, matches):
        findings.append(Finding("citation_tier", name, tier, _words(matches)))
    elif method != _METHOD[matches] and _is_other_method(method, matches):
        findings.append(Finding("citation_tier", f"{name}.matchMethod", method, _words(matches)))
    return findings


def _is_other_method(method: Any, matches: bool) -> bool:
    """Return whether a method says the contrary of what the document says."""
    return isinstance(method, str) and BY_PARAGRAPH.get(method, matches) is not matches


def _is_other_tier(tier: Any, matches: bool) -> bool:
    """Return whether a tier says the contrary of what the document says."""
    if tier == (_EXACT if matches else _UNVERIFIED):  # as most do
        return False
    return isinstance(tier, str) and tier != "" and (tier.upper() != _UNVERIFIED) != matches


def _name_of(step_id: str | int | None, at: int) -> str:
    return f"extract {at + 1}" if step_id is None else str(step_id)


def _words(matches: bool) -> str:
    return "matches" if matches else "does not match"
