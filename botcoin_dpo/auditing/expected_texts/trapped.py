"""Which value of a trap a constraint asks for.

Contract: schemas/README.md, "Traps".
"""

from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME, likeness
from botcoin_dpo.auditing.expected_texts.numbers import whole_number
from botcoin_dpo.auditing.trace_evidence import entity_key
from botcoin_dpo.constraints.constraint import Answer, Constraint, Need, Reference, Term
from botcoin_dpo.constraints.sought import Sought
from botcoin_dpo.contract.record_types import JsonObject

MOST_TRAPS = 20
"""Traps of a record that are looked at."""

PUBLISHED_MODULUS = 50
"""By which published records derive the values of traps, whatever modulus the constraint has."""


def trap_on(
    subject: AuditedAttempt, constraint: Constraint, need: Need, entity: str
) -> JsonObject | None:
    """Return the trap whose value a constraint asks for, None if there is none.

    The trap has the entity, and its attribute the same meaning; or a similar name, and what the
    coordinator derived from the correct value is what the constraint makes of it.

    Args:
        subject: whose record has the traps.
        constraint: asks for something.
        need: one of its needs.
        entity: whose attribute is needed.
    """
    if isinstance(need, Answer) or not subject.traps:
        return None
    reference = need.reference if isinstance(need, Term) else need
    for trap in subject.traps[:MOST_TRAPS]:
        owner, attribute = trap.get("target_entity"), trap.get("attribute")
        if not isinstance(owner, str) or not isinstance(attribute, str):
            continue
        if len(attribute) > LONGEST_NAME or entity_key(owner) != entity_key(entity):
            continue
        score = likeness(reference.attribute, attribute)
        if score == 1 or (score and _is_derived_as_stored(trap, constraint, need)):
            return trap
    return None


def _is_derived_as_stored(trap: JsonObject, constraint: Constraint, need: Need) -> bool:
    number, stored = whole_number(trap.get("correct_value")), trap.get("path_b_derived")
    if number is None or stored is None or isinstance(need, (Answer, Reference)):
        return False
    return stored in derived_values(constraint, need, number)


def derived_values(constraint: Constraint, term: Term, number: int) -> set[int | None]:
    """Return what may be derived from a value: by the constraint, or as published."""
    moduli = (term.modulus, PUBLISHED_MODULUS)
    return {constraint.derived(number % modulus + term.offset) for modulus in moduli}


def value_of_trap(trap: JsonObject, need: Need, key: str) -> Any:
    """Return what a value of a trap gives for something that is needed, None if nothing."""
    value = trap.get(key)
    if isinstance(need, Term):
        number = whole_number(value)
        return None if number is None or number < 0 else need.of(number)
    is_value = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return value if is_value else None


def sought_by_traps(subject: AuditedAttempt, constraint: Constraint, key: str) -> Sought | None:
    """Return what an artifact has for a constraint that uses values of traps, None if none.

    Args:
        subject: whose record has the traps.
        constraint: asks for something.
        key: `correct_value` or `wrong_value`.
    """
    values: list[Any] = []
    for need in constraint.needs:
        question = need.reference.question if isinstance(need, Term) else need.question
        answer = subject.answer(question)
        if answer is None or isinstance(need, Answer):
            values.append(answer)
            continue
        trap = trap_on(subject, constraint, need, answer)
        values.append(None if trap is None else value_of_trap(trap, need, key))
    return constraint.sought(values)


def is_out_of_traps(subject: AuditedAttempt, constraint: Constraint) -> bool:
    """Return whether a pass on path A needs a constraint to hold whatever the traps' values are.

    Path A asks for the traps' wrong values and else for what path B asks for. So a constraint that
    no trap bears on holds, if it is known on which ones they bear.
    """
    if subject.acceptance_path != "A" or not subject.passed or not subject.traps:
        return False
    borne = [_traps_on(subject, each) for each in subject.constraint_set.constraints if each]
    known = {id(trap) for traps in borne for trap in traps}
    is_known = all(id(trap) in known for trap in subject.traps[:MOST_TRAPS])
    return is_known and not _traps_on(subject, constraint)


def _traps_on(subject: AuditedAttempt, constraint: Constraint) -> list[JsonObject]:
    """Return the traps whose values a constraint asks for."""
    found = []
    for need in constraint.needs:
        question = need.reference.question if isinstance(need, Term) else need.question
        answer = subject.answer(question)
        trap = None if answer is None else trap_on(subject, constraint, need, answer)
        if trap is not None:
            found.append(trap)
    return found
