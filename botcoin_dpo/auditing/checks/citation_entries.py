"""What a record stores beside a citation: its entry, and where in the document it lies.

Contract: schemas/README.md, "Audit".
"""

from collections import Counter
from collections.abc import Iterator

from botcoin_dpo.attempts.citations import Citation, citation_of, paragraphs_of
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.citations import BY_PARAGRAPH
from botcoin_dpo.auditing.expected_texts.nearness import is_near
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import PROVENANCE, step_id_of

_POSITION_TOLERANCE = 0.0101
"""Positions are stored rounded to 2 decimals, some records count the paragraphs from 0."""


def audit_citation_entries(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield entries that are not the steps', and provenances that are not the document's."""
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
    if not isinstance(listed, list) or not listed:
        return
    cited: dict[str, Citation] = {}
    for citation in subject.evidence.citations:
        name = step_id_of(citation.step)
        if name is not None:
            cited[str(name)] = citation
    if len(cited) < len(subject.evidence.citations):  # steps share a name, or have none
        return
    names = []
    for entry in listed:
        name = entry.get("stepId") if isinstance(entry, dict) else None
        if type(name) not in (str, int):
            yield Finding("citation_entry", "resolved_citations", "an entry", "names no step")
            continue
        names.append(str(name))
        step = cited.get(str(name))
        if step is not None and entry.get("sourceQuote") != step.step.get("source"):
            yield from _audit_quote(subject, str(name)[:80], entry, step)
    if len(names) == len(cited) == len(cited.keys() & set(names)):  # as most are
        return
    for name, count in Counter(names).items():
        if name not in cited:
            yield Finding("citation_entry", f"{name[:80]}", "resolved", "no such extract step")
        elif count > 1:
            yield Finding("citation_entry", f"{name[:80]}", f"{count} entries", "1 entry")
    for name in cited.keys() - set(names):
        if cited[name].named is not None:
            yield Finding("citation_entry", name[:80], "not resolved", "1 entry")


def _audit_quote(
    subject: AuditedAttempt, name: str, entry: JsonObject, citation: Citation
) -> Iterator[Finding]:
    """Yield a quote that is neither the step's nor in the paragraph, matched by its number."""
    quote, number = entry.get("sourceQuote"), citation.paragraph
    if not isinstance(quote, str) or entry.get("matchMethod") not in BY_PARAGRAPH:
        return
    if citation.named is None or number is None or quote in _texts_of(citation.step):
        return
    other = citation_of({"source": quote}).named
    if other == citation.named:
        return
    if other is not None:
        yield Finding("citation_source", f"{name}.sourceQuote", other, citation.named)
        return
    paragraph = paragraphs_of(subject.document).get(number)
    if paragraph is not None and _plain(quote) not in _plain(paragraph.text):
        where = f"{name}.sourceQuote"
        yield Finding("citation_entry", where, quote[:80], citation.step["source"])


def _texts_of(step: JsonObject) -> list[str]:
    return [value for value in step.values() if isinstance(value, str)]


def _plain(text: str) -> str:
    """Return a text in lower case, with single blanks."""
    return " ".join(text.casefold().split())
