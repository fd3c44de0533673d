"""Whether a trace is said to be valid, against the errors and flags that stand beside it.

Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterator

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding

_REASONS = ("errors", "warnings")


def audit_trace_validity(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield a valid trace with errors, an invalid one with none, a score without flags."""
    validation = subject.stored.get("trace_validation")
    if not isinstance(validation, dict):
        return
    ok, bogus, errors = validation.get("ok"), validation.get("bogus"), validation.get("errors")
    if ok is True and (errors and isinstance(errors, list)):
        yield Finding("trace_validity", "trace_validation.ok", True, "has errors")
    elif ok is True and bogus is True:
        yield Finding("trace_validity", "trace_validation.ok", True, "bogus")
    elif ok is False and bogus is False and all(validation.get(key) == [] for key in _REASONS):
        yield Finding("trace_validity", "trace_validation.ok", False, "has no errors")
    score, flags = validation.get("programmatic_score"), validation.get("programmatic_flags")
    if type(score) in (int, float) and isinstance(flags, list) and bool(score) != bool(flags):
        yield Finding(
            "trace_validity", "trace_validation.programmatic_score", score, f"{len(flags)} flags"
        )
