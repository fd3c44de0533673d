"""The claimed path against the traps: B takes their correct values, A the superseded ones.

What the constraints ask is derived here from the values of the trap; the stored `path_a_derived` is
not used, since published records derive it with another modulus than the constraint's.
Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from botcoin_dpo.auditing.audited_attempt import Subject, entity_key
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME, likeness
from botcoin_dpo.auditing.expected_texts.from_trace import whole_number
from botcoin_dpo.auditing.rules import Finding
from botcoin_dpo.constraints.checking import LARGEST_FOR_PRIME, next_prime, prime_text
from botcoin_dpo.constraints.parsing import (
    Constraint,
    Equation,
    Include,
    Prime,
    Reference,
    Term,
)
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, step_id_of, value_text

_VALUES = {"A": "wrong_value", "B": "correct_value"}
_OTHER = {"A": "B", "B": "A"}
_MOST_TRAPS = 20
_SMALLEST_TELLING = 100
"""A smaller number may stand in a trace for something else."""


# From the first digit on: else every digit of a long run would be tried as the first.
_EQUATION = re.compile(r"(?<![0-9])([0-9]+)\+([0-9]+)=(?=[0-9])")
_EQUATION_APART = re.compile(r"(?<![\w+=])([0-9]+)\+([0-9]+)=[0-9]+(?![\w+])")


class _Terms(NamedTuple):
    """The terms of an equation, None where any will do."""

    left: int | None
    right: int | None


def audit_paths(subject: Subject) -> Iterator[Finding]:
    """Yield where an attempt has what the path asks for that it does not claim."""
    claims = {
        "acceptance_path": subject.acceptance_path,
        "trap_classification": (subject.trap_classification or "").removeprefix("PATH_"),
    }
    claimed = set(claims.values())
    says_other = {path: _artifact_says_other(subject, path) for path in _VALUES if path in claimed}
    for name, path in claims.items():
        if path is not None and says_other.get(path):
            yield Finding("path_claim", name, path, _OTHER[path])
    path = subject.acceptance_path
    if path in _VALUES:
        for trap in subject.traps[:_MOST_TRAPS]:
            own, other = trap.get(_VALUES[path]), trap.get(_VALUES[_OTHER[path]])
            used = _values_computed_with(subject, trap, own, other)
            if other in used and own not in used:
                name = f"{str(trap.get('target_entity'))[:80]}.{str(trap.get('attribute'))[:80]}"
                yield Finding("trap_value", name, own, other)


def _artifact_says_other(subject: Subject, path: str) -> bool:
    """Return whether constraints on traps' values have the other path's text, and not their own.

    All that tell the paths apart must say so.
    """
    said = [
        says
        for trap in subject.traps[:_MOST_TRAPS]
        for constraint in _on(subject, trap)
        if (says := _says_other(subject, trap, constraint, path)) is not None
    ]
    return bool(said) and all(said)


def _on(subject: Subject, trap: JsonObject) -> list[Constraint]:
    """Return the constraints that ask for the value of a trap, not for one named similarly."""
    found: list[Constraint] = []
    for constraint, reference in subject.requirements.references:
        score = _likeness_to_trapped(subject, trap, reference)
        is_new = score > 0 and not any(constraint is other for other in found)
        if is_new and (score == 1 or _is_the_same_quantity(subject, trap, constraint)):
            found.append(constraint)
    return found


def _is_the_same_quantity(subject: Subject, trap: JsonObject, constraint: Constraint) -> bool:
    """Return whether what the coordinator derived from a trap's value is what a constraint asks."""
    number, derived = whole_number(trap.get("correct_value")), trap.get("path_b_derived")
    if number is None or derived is None:
        return False
    if isinstance(constraint, Prime):
        term = constraint.term.of(number)
        return term <= LARGEST_FOR_PRIME and next_prime(term) == derived
    if isinstance(constraint, Equation):
        return any(
            _term(subject, trap, term, number) == derived
            for term in (constraint.left, constraint.right)
        )
    return False


def _says_other(
    subject: Subject, trap: JsonObject, constraint: Constraint, path: str
) -> bool | None:
    """Return whether a constraint speaks for the other path; None if it tells nothing."""
    own = _asked(subject, trap, constraint, _VALUES[path])
    other = _asked(subject, trap, constraint, _VALUES[_OTHER[path]])
    if own is None or other is None or own == other:
        return None
    # The coordinator looks for substrings: a prime may be there as a part of the equation.
    if _is_in(own, subject.artifact):
        return False
    return True if _stands_in(other, subject.artifact) else None


def _asked(
    subject: Subject, trap: JsonObject, constraint: Constraint, key: str
) -> str | _Terms | None:
    """Return what an artifact has for a constraint that uses a value of a trap."""
    value = trap.get(key)
    if isinstance(constraint, Include):
        return value_text(value) or None if isinstance(value, (str, int, float)) else None
    number = whole_number(value)
    if number is None:
        return None
    if isinstance(constraint, Prime):
        term = _term(subject, trap, constraint.term, number)
        return None if term is None or term > LARGEST_FOR_PRIME else prime_text(term)
    if isinstance(constraint, Equation):
        left, right = (
            _term(subject, trap, term, number) for term in (constraint.left, constraint.right)
        )
        return None if left is None and right is None else _Terms(left, right)
    return None


def _is_in(asked: str | _Terms, artifact: str) -> bool:
    """Return whether an artifact has a text, or an equation, as a substring."""
    if isinstance(asked, str):
        return asked in artifact
    return any(
        (asked.left is None or left.endswith(str(asked.left)))
        and (asked.right is None or right == str(asked.right))
        for left, right in _EQUATION.findall(artifact)
    )


def _stands_in(asked: str | _Terms, artifact: str) -> bool:
    """Return whether an artifact has a text, or an equation, that is part of nothing else."""
    if isinstance(asked, str):
        start = artifact.find(asked)
        while start >= 0:
            end = start + len(asked)
            before, after = artifact[max(0, start - 1) : start], artifact[end : end + 1]
            if not (_is_part(before) or before == "=" or _is_part(after)):
                return True
            start = artifact.find(asked, start + 1)
        return False
    return any(
        (asked.left is None or left == str(asked.left))
        and (asked.right is None or right == str(asked.right))
        for left, right in _EQUATION_APART.findall(artifact)
    )


def _is_part(mark: str) -> bool:
    return mark.isalnum() or mark in ("_", "+")


def _term(subject: Subject, trap: JsonObject, term: Term, number: int) -> int | None:
    return term.of(number) if _likeness_to_trapped(subject, trap, term.reference) else None


def _likeness_to_trapped(subject: Subject, trap: JsonObject, reference: Reference) -> float:
    """Return how much a reference is like one to the value of a trap; 0 if answers do not tell."""
    answer, entity = subject.answer(reference.question), trap.get("target_entity")
    if answer is None or not isinstance(entity, str):
        return 0.0
    if answer != entity and entity_key(answer) != entity_key(entity):
        return 0.0
    attribute = trap.get("attribute")
    is_name = isinstance(attribute, str) and len(attribute) <= LONGEST_NAME
    return likeness(reference.attribute, attribute) if is_name else 0.0


def _values_computed_with(subject: Subject, trap: JsonObject, own: Any, other: Any) -> list[Any]:
    """Return which of a trap's values the computations of the trace take as they are.

    Nothing if the trace does not extract the value of the other path.
    """
    entity, attribute = trap.get("target_entity"), trap.get("attribute")
    if not isinstance(entity, str) or not isinstance(attribute, str):
        return []
    names: dict[str | int, Any] = {}
    extracted = []
    for citation in subject.citations:
        step = citation.step
        name, value = step_id_of(step), step.get("valueExtracted")
        if step.get("targetEntity") != entity or (value != own and value != other):
            continue
        if _is_alike(step.get("attribute"), attribute):
            extracted.append(value)
            if name is not None:
                names[name] = value
    if other not in extracted:
        return []
    used = []
    for step in subject.trace:
        inputs = step.get("inputs")
        if step.get("action") != COMPUTE or not isinstance(inputs, list):
            continue
        for each in inputs:
            if type(each) in (str, int) and each in names:
                used.append(names[each])
            elif each in extracted and isinstance(each, int) and abs(each) >= _SMALLEST_TELLING:
                used.append(each)
    return used


def _is_alike(name: Any, attribute: str) -> bool:
    """Return whether an attribute of a trace may be the one of a trap."""
    is_name = isinstance(name, str) and max(len(name), len(attribute)) <= LONGEST_NAME
    return is_name and likeness(name, attribute) > 0
