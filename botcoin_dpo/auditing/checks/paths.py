"""The claimed path against the traps: B takes their correct values, A the superseded ones.

What the constraints ask is derived here from the values of the trap; the stored `path_a_derived` is
not used, since published records derive it with another modulus than the constraint's.
Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME, likeness
from botcoin_dpo.auditing.expected_texts.trapped import MOST_TRAPS, sought_by_traps
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.constraint import Constraint
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, step_id_of

_VALUES = {"A": "wrong_value", "B": "correct_value"}
_OTHER = {"A": "B", "B": "A"}
_SMALLEST_TELLING = 100
"""A smaller number may stand in a trace for something else."""


def audit_paths(subject: AuditedAttempt) -> Iterator[Finding]:
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
        for trap in subject.traps[:MOST_TRAPS]:
            own, other = trap.get(_VALUES[path]), trap.get(_VALUES[_OTHER[path]])
            used = _values_computed_with(subject, trap, own, other)
            if other in used and own not in used:
                name = f"{str(trap.get('target_entity'))[:80]}.{str(trap.get('attribute'))[:80]}"
                yield Finding("trap_value", name, own, other)


def _artifact_says_other(subject: AuditedAttempt, path: str) -> bool:
    """Return whether constraints on traps' values have the other path's text, and not their own.

    All that tell the paths apart must say so.
    """
    said = [
        says
        for constraint in subject.constraint_set.constraints
        if constraint is not None and (says := _says_other(subject, constraint, path)) is not None
    ]
    return bool(said) and all(said)


def _says_other(subject: AuditedAttempt, constraint: Constraint, path: str) -> bool | None:
    """Return whether a constraint speaks for the other path; None if it tells nothing."""
    own = sought_by_traps(subject, constraint, _VALUES[path])
    other = sought_by_traps(subject, constraint, _VALUES[_OTHER[path]])
    if own is None or other is None or own == other:
        return None
    # The coordinator looks for substrings: a prime may be there as a part of the equation.
    if own.is_in(subject.artifact):
        return False
    return True if other.stands_in(subject.artifact) else None


def _values_computed_with(
    subject: AuditedAttempt, trap: JsonObject, own: Any, other: Any
) -> list[Any]:
    """Return which of a trap's values the computations of the trace take as they are.

    Nothing if the trace does not extract the value of the other path.
    """
    entity, attribute = trap.get("target_entity"), trap.get("attribute")
    if not isinstance(entity, str) or not isinstance(attribute, str):
        return []
    names: dict[str | int, Any] = {}
    extracted = []
    for citation in subject.evidence.citations:
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
