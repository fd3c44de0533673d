"""Which value of a trap a constraint asks for.

Contract: schemas/README.md, "Traps".
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME, likeness
from botcoin_dpo.auditing.expected_texts.constraint_set import ConstraintSet
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


def value_of_trap(trap: JsonObject, need: Need, key: str, modulus: int | None = None) -> Any:
    """Return what a value of a trap gives for something that is needed, None if nothing."""
    value = trap.get(key)
    if isinstance(need, Term):
        number = whole_number(value)
        if number is None or number < 0:
            return None
        return need.of(number) if modulus is None else number % modulus + need.offset
    is_value = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return value if is_value else None


def sought_by_traps(
    subject: AuditedAttempt, constraint: Constraint, key: str, modulus: int | None = None
) -> Sought | None:
    """Return what an artifact has for a constraint that uses values of traps, None if none.

    Args:
        subject: whose record has the traps.
        constraint: asks for something.
        key: `correct_value` or `wrong_value`.
        modulus: of terms with the value of a trap; None for the constraint's own.
    """
    values: list[Any] = []
    for need in constraint.needs:
        question = need.reference.question if isinstance(need, Term) else need.question
        answer = subject.answer(question)
        if answer is None or isinstance(need, Answer):
            values.append(answer)
            continue
        trap = trap_on(subject, constraint, need, answer)
        values.append(None if trap is None else value_of_trap(trap, need, key, modulus))
    return constraint.sought(values)


def is_out_of_traps(subject: AuditedAttempt, constraint: Constraint) -> bool:
    """Return whether a pass on path A needs a constraint to hold whatever the traps' values are.

    Path A asks for the traps' wrong values and else for what path B asks for. So a constraint that
    no trap bears on holds, if it is known on which ones they bear.
    """
    if subject.acceptance_path != "A" or not subject.passed or not subject.traps:
        return False
    borne = traps_by_constraint(subject)
    at = subject.constraint_set.constraints.index(constraint)
    return are_borne(subject, borne) and not borne[at]


def are_borne(subject: AuditedAttempt, borne: tuple[frozenset[int], ...]) -> bool:
    """Return whether it is known of each trap on which constraint it bears."""
    return len(frozenset().union(*borne)) == min(len(subject.traps), MOST_TRAPS)


_BEARING_BY = ("target_entity", "attribute", "correct_value", "path_b_derived")


@dataclass(frozen=True, slots=True)
class _Bearing:
    """What it depends on which traps bear on which constraints; equal if that is."""

    constraint_set: ConstraintSet
    answers: tuple[str | None, ...]
    names: tuple[str, ...]
    subject: AuditedAttempt = field(compare=False)


def traps_by_constraint(subject: AuditedAttempt) -> tuple[frozenset[int], ...]:
    """Return for each checked constraint the traps whose values it asks for, by their numbers.

    Attempts at one challenge share it.
    """
    names = tuple(
        repr([trap.get(key) for key in _BEARING_BY]) for trap in subject.traps[:MOST_TRAPS]
    )
    key = _Bearing(subject.constraint_set, tuple(subject.answers or ()), names, subject)
    return _traps_by_constraint(key)


@lru_cache(maxsize=4)
def _traps_by_constraint(bearing: _Bearing) -> tuple[frozenset[int], ...]:
    subject = bearing.subject
    numbers = {id(trap): at for at, trap in enumerate(subject.traps[:MOST_TRAPS])}
    found = []
    for constraint in bearing.constraint_set.constraints:
        borne = set()
        for need in () if constraint is None else constraint.needs:
            question = need.reference.question if isinstance(need, Term) else need.question
            answer = subject.answer(question)
            trap = (
                None
                if answer is None or constraint is None
                else (trap_on(subject, constraint, need, answer))
            )
            if trap is not None:
                borne.add(numbers[id(trap)])
        found.append(frozenset(borne))
    return tuple(found)
