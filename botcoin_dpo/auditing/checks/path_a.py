"""Whether an attempt is rightly said to pass, or not to, with the traps' wrong values.

On path A a constraint that asks for the value of a trap holds by its wrong value, by the modulus of
the constraint or, as published records have it, by another; all others hold as recorded.
Contract: schemas/README.md, "Traps", "Audit".
"""

from collections.abc import Iterator

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.pass_label import has_enough_answers, has_valid_trace
from botcoin_dpo.auditing.expected_texts.trapped import (
    PUBLISHED_MODULUS,
    are_borne,
    sought_by_traps,
    traps_by_constraint,
)
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.constraint import Constraint
from botcoin_dpo.constraints.sought import Sought, SoughtText

_FIELD = "path_a_would_have_passed"


def audit_path_a(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield a finding if the stored outcome on path A is not that of the attempt."""
    would_pass = subject.stored.get(_FIELD)
    if not isinstance(would_pass, bool):
        return
    if subject.passed and subject.acceptance_path == "A":
        if not would_pass:
            yield Finding("path_claim", _FIELD, False, "passes on path A")
        return
    failed = _failed_for_sure(subject)
    if would_pass:
        if failed is not None or _breaks_by_wrong_values(subject):
            yield Finding("path_claim", _FIELD, True, False if failed is None else failed)
    elif failed is None and _has_rest(subject) and _holds_by_wrong_values(subject):
        yield Finding("path_claim", _FIELD, False, True)


def _has_rest(subject: AuditedAttempt) -> bool:
    """Return whether answers and trace are good enough: the field may speak of them as well."""
    has_answers = has_enough_answers(subject.stored.get("answer_verification"))
    return bool(has_answers and has_valid_trace(subject.stored.get("trace_validation")))


def _failed_for_sure(subject: AuditedAttempt) -> str | None:
    """Return which failed constraint asks for no value that a trap may have, None if none."""
    constraints = subject.constraint_set.constraints
    for at, (constraint, holds) in enumerate(zip(constraints, subject.outcomes, strict=False)):
        if holds is False and constraint is not None and not constraint.references:
            return f"constraint {at} fails"
    return None


def _breaks_by_wrong_values(subject: AuditedAttempt) -> bool:
    """Return whether some constraint does not hold on path A for sure."""
    borne = traps_by_constraint(subject)
    is_known = bool(subject.traps) and are_borne(subject, borne)
    constraints = subject.constraint_set.constraints
    for constraint, traps, holds in zip(constraints, borne, subject.outcomes, strict=False):
        if constraint is None:
            continue
        if not traps:
            if holds is False and is_known:
                return True
            continue
        wrong = _sought(subject, constraint, None)
        published = _sought(subject, constraint, PUBLISHED_MODULUS)
        if wrong is None or published is None:
            continue
        if wrong == published == sought_by_traps(subject, constraint, "correct_value"):
            if holds is False:
                return True
        elif not wrong.is_in(subject.artifact) and not published.is_in(subject.artifact):
            return True
    return False


def _holds_by_wrong_values(subject: AuditedAttempt) -> bool:
    """Return whether all constraints hold on path A for sure."""
    borne = traps_by_constraint(subject)
    constraints = subject.constraint_set.constraints
    if not subject.traps or None in constraints or not are_borne(subject, borne):
        return False
    for traps, holds in zip(borne, subject.outcomes, strict=False):
        if not traps and not holds:
            return False
    for constraint, traps in zip(constraints, borne, strict=True):
        if not traps or constraint is None:
            continue
        wrong = _sought(subject, constraint, None)
        # Of an equation it may be one term that is there: not a text.
        if not isinstance(wrong, SoughtText) or not wrong.is_in(subject.artifact):
            return False
        if wrong != _sought(subject, constraint, PUBLISHED_MODULUS):
            return False
    return True


def _sought(subject: AuditedAttempt, constraint: Constraint, modulus: int | None) -> Sought | None:
    """Return what a trap's wrong value gives for a constraint."""
    return sought_by_traps(subject, constraint, "wrong_value", modulus)
