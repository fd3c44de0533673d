"""The label itself: whether an attempt passed, against what the record says a pass needs.

A pass on path B needs all checked constraints, enough right answers and a valid trace; on path A
the constraints hold by the traps' wrong values. Only what the record stores decides. A credited
pass that fails a constraint is quarantined before an audit sees it.
Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding

_NO_PATH = "NONE"
"""How records spell that an attempt was accepted on no path."""


def audit_pass_label(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield a finding if `pass` contradicts what the record stores."""
    path = subject.acceptance_path
    needs = {
        "constraints": path == "A" or _all_hold(subject),  # on path A they hold by wrong values
        "answer threshold": has_enough_answers(subject.stored.get("answer_verification")),
        "valid trace": has_valid_trace(subject.stored.get("trace_validation")),
    }
    if not subject.passed:
        if all(needs.values()):
            yield Finding("pass_label", "pass", False, "has all that a pass needs")
        return
    missed = [name for name, holds in needs.items() if holds is False]
    if path == _NO_PATH:
        missed.append("acceptance path")
    if missed:
        yield Finding("pass_label", "pass", True, f"lacks {', '.join(missed)}")


def _all_hold(subject: AuditedAttempt) -> bool | None:
    """Return whether all checked constraints hold by the record, None if it does not say."""
    outcomes = subject.outcomes[: subject.checked]
    if False in outcomes:
        return False
    return None if None in outcomes or not outcomes else True


def has_enough_answers(verification: Any) -> bool | None:
    """Return whether enough answers are right, None if the record does not say."""
    if not isinstance(verification, dict):
        return None
    reached = verification.get("passed_threshold")
    if isinstance(reached, bool):
        return reached
    correct, required = verification.get("correct"), verification.get("required")
    if type(correct) is int and type(required) is int:
        return correct >= required
    return None


def has_valid_trace(validation: Any) -> bool | None:
    """Return whether the trace is valid, None if the record does not say."""
    ok = validation.get("ok") if isinstance(validation, dict) else None
    return ok if isinstance(ok, bool) else None
