"""Zones of citations, and flags on the extractions of traps, against the traps of the record.

A zone is that of the trap whose entity and attribute a step spells: its correct paragraph is
`GROUND_TRUTH`, its wrong ones are `TRAP`. Paragraphs of traps count from 0, those of citations
from 1. Contract: schemas/README.md, "Traps".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo.attempts.citations import Citation
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME, likeness
from botcoin_dpo.auditing.expected_texts.numbers import same_value
from botcoin_dpo.auditing.expected_texts.trapped import MOST_TRAPS
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.trace_evidence import entity_key
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import PROVENANCE, ZONE, step_id_of

_TRUTH, _TRAP, _STANDARD = "GROUND_TRUTH", "TRAP", "STANDARD"
_OF_TRAPS = frozenset({_TRUTH, _TRAP})
_ZONES = _OF_TRAPS | {_STANDARD}
_VALUES = {
    "missing_wrong_extraction": ("correct_value", "wrong_value"),
    "missing_correct_extraction": ("wrong_value", "correct_value"),
}
"""By flag: which value of its trap the trace extracts, and which it does not."""

_MOST_PLACES = 100
"""Wrong paragraphs of a trap that are looked at."""

_FLAGS = "trap_trace_quality_flags"

Names = tuple[str, str]
"""Entity and attribute."""


def audit_trap_zones(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield zones and flags that do not follow from traps and trace."""
    traps = subject.traps
    if not traps or len(traps) > MOST_TRAPS or subject.trace_lines is not None:
        return  # they may be kept back; a row has no flags, nor what the coordinator located
    by_entity: dict[str, dict[str, list[JsonObject]]] = {}
    for trap in traps:
        entity, attribute = trap.get("target_entity"), trap.get("attribute")
        if not isinstance(entity, str) or not isinstance(attribute, str):
            return
        by_entity.setdefault(entity, {}).setdefault(attribute, []).append(trap)
    own: dict[Names, list[Any]] = {}
    for citation in subject.evidence.citations:
        step, provenance = citation.step, citation.step.get(PROVENANCE)
        entity, spelled = step.get("targetEntity"), None
        if type(entity) is str and entity in by_entity:
            attribute = step.get("attribute")
            if isinstance(attribute, str) and attribute in by_entity[entity]:
                spelled = by_entity[entity][attribute]
                own.setdefault((entity, attribute), []).append(step.get("valueExtracted"))
        zone = provenance.get(ZONE) if isinstance(provenance, dict) else None
        if spelled is None and zone == _STANDARD:  # as most are
            continue
        if isinstance(zone, str) and zone in _ZONES:
            possible = _possible_zones(citation, spelled, traps)
            if zone not in possible:
                name = f"{str(step_id_of(step) or 'extract')[:80]}.{ZONE}"
                yield Finding("trap_zone", name, zone, ", ".join(sorted(possible)))
    annotation = subject.stored.get("error_annotation")
    flags = annotation.get(_FLAGS) if isinstance(annotation, dict) else None
    if isinstance(flags, list):
        by_names = {
            (entity, attribute): listed[0] if len(listed) == 1 else {}
            for entity, of_entity in by_entity.items()
            for attribute, listed in of_entity.items()
        }
        yield from _audit_flags(subject, flags, by_names, own)


def _possible_zones(
    citation: Citation, spelled: list[JsonObject] | None, traps: list[JsonObject]
) -> set[str]:
    """Return the zones that a citation may have: by its paragraph, or by the value it takes."""
    if spelled is not None:
        return {zone for trap in spelled for zone in _zones_by(trap, citation)}
    alike = [trap for trap in traps if _may_mean(citation.step, trap)]
    return {_STANDARD}.union(*(_zones_by(trap, citation) for trap in alike))


def _zones_by(trap: JsonObject, citation: Citation) -> set[str]:
    correct, wrong = trap.get("correct_paragraph"), trap.get("wrong_paragraphs")
    number = citation.paragraph
    if type(correct) is not int or not isinstance(wrong, list) or number is None:
        return {*_ZONES}
    if len(wrong) > _MOST_PLACES:
        return {*_ZONES}
    value = citation.step.get("valueExtracted")
    by_value = (
        _TRUTH
        if same_value(value, trap.get("correct_value"))
        else _TRAP
        if same_value(value, trap.get("wrong_value"))
        else _STANDARD
    )
    place = number - 1
    return {by_value, _TRUTH if place == correct else _TRAP if place in wrong else _STANDARD}


def _may_mean(step: JsonObject, trap: JsonObject) -> bool:
    """Return whether a step may speak of a trap's attribute, in other words."""
    entity, attribute = step.get("targetEntity"), step.get("attribute")
    if not isinstance(entity, str) or entity_key(entity) != entity_key(trap["target_entity"]):
        return False
    if not isinstance(attribute, str):
        return True
    is_short = max(len(attribute), len(trap["attribute"])) <= LONGEST_NAME
    return not is_short or likeness(attribute, trap["attribute"]) > 0


def _audit_flags(
    subject: AuditedAttempt,
    flags: list[Any],
    by_names: dict[Names, JsonObject],
    own: dict[Names, list[Any]],
) -> Iterator[Finding]:
    """Yield flags that the trace contradicts, and those that it asks for besides."""
    raised = [
        f"{kind}:{entity}:{attribute}"
        for (entity, attribute), values in own.items()
        for kind, (extracted, missing) in _VALUES.items()
        if by_names[entity, attribute].get(extracted) in values
        and by_names[entity, attribute].get(missing) not in values
    ]
    if flags == raised:  # as most are
        return
    traps = {":".join(names): (names, trap) for names, trap in by_names.items()}
    for flag in flags[: 2 * MOST_TRAPS]:
        kind, _, name = flag.partition(":") if isinstance(flag, str) else ("", "", "")
        if kind not in _VALUES:
            continue
        if name not in traps:
            yield Finding("trap_zone", f"error_annotation.{kind}", name[:200], "no such trap")
            continue
        names, trap = traps[name]
        extracted, missing = (trap.get(key) for key in _VALUES[kind])
        if extracted is None or missing is None:
            continue
        if missing in own.get(names, ()):
            yield Finding("trap_zone", f"error_annotation.{kind}", name[:200], missing)
        elif not _is_extracted(subject, names, extracted):
            yield Finding("trap_zone", f"error_annotation.{kind}", name[:200], "not extracted")
    for name, (names, trap) in traps.items():
        values = own.get(names, ())
        for kind, keys in _VALUES.items():
            extracted, missing = (trap.get(key) for key in keys)
            is_known = extracted is not None and missing is not None
            is_missing = (
                is_known and extracted in values and not _is_extracted(subject, names, missing)
            )
            if is_missing and f"{kind}:{name}" not in flags:
                yield Finding("trap_zone", f"error_annotation.{kind}", None, name[:200])


def _is_extracted(subject: AuditedAttempt, names: Names, value: Any) -> bool:
    """Return whether some step extracts a value of an entity, under any attribute's name."""
    key = entity_key(names[0])
    for citation in subject.evidence.citations:
        entity = citation.step.get("targetEntity")
        is_same = isinstance(entity, str) and entity_key(entity) == key
        if is_same and same_value(citation.step.get("valueExtracted"), value):
            return True
    return False
