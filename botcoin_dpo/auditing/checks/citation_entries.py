"""What a record stores beside a citation: its entry, and where in the document it lies.

Contract: schemas/README.md, "Audit".
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.attempts.citations import paragraphs_of
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.nearness import is_near
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.trace_text import PROVENANCE, step_id_of

_POSITION_TOLERANCE = 0.0101
"""Positions are stored rounded to 2 decimals, some records count the paragraphs from 0."""


def audit_citation_entries(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield entries without a step of their own, and provenances that are not the document's."""
    if subject.trace_lines is not None:  # a row has neither
        return
    yield from _audit_entries(subject)
    total = paragraphs_of(subject.document).total
    for citation in subject.evidence.citations:
        provenance = citation.step.get(PROVENANCE)
        if not isinstance(provenance, dict):
            continue
        name = str(step_id_of(citation.step) or "extract")
        stored = provenance.get("paragraph_total")
        if stored is not None and not is_near(stored, total, 0):
            yield Finding("citation_entry", f"{name}.paragraph_total", stored, total)
        position, located = provenance.get("document_position_pct"), citation.located
        if position is None or located is None or not 0 < located <= total:
            continue
        if not is_near(position, located / total, _POSITION_TOLERANCE):
            where = f"{name}.document_position_pct"
            yield Finding("citation_entry", where, position, round(located / total, 2))


def _audit_entries(subject: AuditedAttempt) -> Iterator[Finding]:
    validation = subject.stored.get("trace_validation")
    listed = validation.get("resolved_citations") if isinstance(validation, dict) else None
    if not isinstance(listed, list):
        return
    sources: dict[str, Any] = {}
    for citation in subject.evidence.citations:
        name = step_id_of(citation.step)
        if name is not None:
            sources[str(name)] = citation.step.get("source")
    if len(sources) < len(subject.evidence.citations):  # steps share a name, or have none
        return
    names = Counter(
        str(entry["stepId"])
        for entry in listed
        if isinstance(entry, dict) and type(entry.get("stepId")) in (str, int)
    )
    for name, count in names.items():
        if name not in sources:
            yield Finding("citation_entry", f"{name[:80]}", "resolved", "no such extract step")
        elif count > 1:
            yield Finding("citation_entry", f"{name[:80]}", f"{count} entries", "1 entry")
