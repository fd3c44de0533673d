"""Fields that say how an attempt was accepted, against each other and against `pass`.

Only words that published records use are compared: the status of a session is free text.
Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterator

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding

_OTHER_CLASS = {"A": "PATH_B", "B": "PATH_A"}
_PASSED, _FAILED = "passed", "failed"
_NOT_PASSED = frozenset({"active", _FAILED})
"""What a session is called that no attempt has passed."""


def audit_acceptance(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield credit, class, path and status that an attempt accepted so cannot have."""
    stored, path = subject.stored, subject.acceptance_path
    credit = stored.get("credit_eligible")
    if not subject.passed and path in _OTHER_CLASS:
        yield Finding("acceptance", "acceptance_path", path, "does not pass")
    if credit is True and not subject.is_credited:
        why = "passes on path A" if subject.passed else "does not pass"
        yield Finding("acceptance", "credit_eligible", True, why)
    if path in _OTHER_CLASS and subject.trap_classification == _OTHER_CLASS[path]:
        yield Finding("acceptance", "trap_classification", subject.trap_classification, path)
    status = stored.get("session_status")
    if status == _PASSED and not subject.passed:
        yield Finding("acceptance", "session_status", status, "does not pass")
    elif status in _NOT_PASSED and credit is True and subject.is_credited:
        yield Finding("acceptance", "session_status", status, _PASSED)
    elif status == _FAILED:
        retries = stored.get("retry_metadata")
        if isinstance(retries, dict) and retries.get("retry_allowed") is True:
            yield Finding("acceptance", "session_status", status, "a retry is allowed")
