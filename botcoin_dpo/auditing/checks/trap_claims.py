"""The traps that a record names, against the document and the constraints.

Contract: schemas/README.md, "Traps".
"""

import re
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.attempts.citations import Paragraphs, paragraphs_of
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME
from botcoin_dpo.auditing.expected_texts.from_document import reading_of
from botcoin_dpo.auditing.expected_texts.numbers import as_read, has_number, same_value
from botcoin_dpo.auditing.expected_texts.trapped import MOST_TRAPS, derived_values, trap_on
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.constraint import Term
from botcoin_dpo.contract.record_types import JsonObject

_MAGNITUDE = re.compile(r"thousand|million|billion|trillion|[0-9][kmb]\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SEPARATOR = re.compile(r"(?<=[0-9])[\s.'’](?=[0-9]{3}(?![0-9]))")
"""What some write for a comma between thousands; `\\s` has the narrow spaces as well."""
_DERIVED = {"path_a_derived": "wrong_value", "path_b_derived": "correct_value"}


def audit_trap_claims(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield what a trap says and the document or the constraints refute."""
    for trap in subject.traps[:MOST_TRAPS]:
        entity = trap.get("target_entity")
        name = f"{str(entity)[:80]}.{str(trap.get('attribute'))[:80]}"
        if isinstance(entity, str) and not _names(subject.document, entity):
            yield Finding("trap_claim", f"{name}: target_entity", entity[:200], None)
            continue
        yield from _places(paragraphs_of(subject.document), trap, name)
        if isinstance(entity, str):
            yield from _correct_value(subject, trap, entity, name)
            yield from _derived(subject, trap, name)


def _names(document: str, entity: str) -> bool:
    """Return whether a document has a name, perhaps over the end of a line."""
    if entity in document:
        return True
    wanted = _SPACES.sub(" ", entity).strip().casefold()
    return wanted in _SPACES.sub(" ", document).casefold()


def _places(paragraphs: Paragraphs, trap: JsonObject, name: str) -> Iterator[Finding]:
    """Yield paragraphs, counted from 0, that do not have the value that they are said to have."""
    wrong = trap.get("wrong_paragraphs")
    places = [("correct_paragraph", trap.get("correct_paragraph"), trap.get("correct_value"))]
    for at, number in enumerate(wrong[:MOST_TRAPS] if isinstance(wrong, list) else ()):
        places.append((f"wrong_paragraphs[{at}]", number, trap.get("wrong_value")))
    for key, number, value in places:
        if type(number) is not int or isinstance(value, bool) or value is None:
            continue
        paragraph = paragraphs.get(number + 1)
        if paragraph is None or _has_value(paragraph.text, value) is False:
            yield Finding("trap_claim", f"{name}: {key}", number, f"does not have {value!s:.80}")


def _has_value(text: str, value: Any) -> bool | None:
    """Return whether a text has a value as a whole; None if it may be spelled in another way."""
    wanted = as_read(value)
    if isinstance(wanted, str):
        return None if not wanted else wanted.casefold() in text.casefold() or None
    plain = text.replace(",", "")
    if has_number(plain, str(wanted)) or has_number(_SEPARATOR.sub("", plain), str(wanted)):
        return True
    return None if _MAGNITUDE.search(text) else False


def _correct_value(
    subject: AuditedAttempt, trap: JsonObject, entity: str, name: str
) -> Iterator[Finding]:
    """Yield a correct value if the document states another."""
    attribute, correct = trap.get("attribute"), trap.get("correct_value")
    if not isinstance(attribute, str) or len(attribute) > LONGEST_NAME or correct is None:
        return
    stated = reading_of(subject.document, subject.questions).value(entity, attribute)
    if stated is None or same_value(stated.value, trap.get("wrong_value")):
        return  # the document may not say in words that can be read which of the two is superseded
    if not same_value(stated.value, correct):
        yield Finding("trap_claim", f"{name}: correct_value", correct, stated.value)


def _derived(subject: AuditedAttempt, trap: JsonObject, name: str) -> Iterator[Finding]:
    """Yield derived values that no constraint makes of the trap's values."""
    terms = []
    for constraint in subject.constraint_set.constraints:
        for need in () if constraint is None else constraint.needs:
            if constraint is None or not isinstance(need, Term):
                continue
            answer = subject.answer(need.reference.question)
            if answer is not None and trap_on(subject, constraint, need, answer) is trap:
                terms.append((constraint, need))
    if not terms:
        return
    for key, source in _DERIVED.items():
        stored, number = trap.get(key), as_read(trap.get(source))
        if type(stored) is not int or isinstance(number, str) or number < 0:
            continue
        possible = set().union(*(derived_values(each, term, number) for each, term in terms))
        if stored not in possible:
            yield Finding(
                "trap_claim", f"{name}: {key}", stored, min(filter(None, possible), default=None)
            )
