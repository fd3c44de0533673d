"""Times and counts of a session's attempts, against the attempt itself and the one before it.

Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.timestamps import to_milliseconds

_CLOCK_MS = 1_000
"""Two fields for one time may differ by this much: some clocks tell seconds only."""

_BUCKET = re.compile(r"(gte|lt)_([0-9]{1,3})")


def audit_times(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield times that cannot be: two for one moment, after the end, before the last attempt."""
    submitted, stored = subject.submitted_at, subject.stored
    if submitted is None:
        return
    timestamp = stored.get("timestamp")
    at = to_milliseconds(timestamp) if isinstance(timestamp, str) else None
    if at is not None and abs(at - submitted) > _CLOCK_MS:
        yield Finding("attempt_times", "timestamp", timestamp, submitted)
    expires = stored.get("session_expires_at")
    if type(expires) is int and submitted > expires + _CLOCK_MS:
        yield Finding("attempt_times", "session_expires_at", expires, submitted)
    before = None if subject.previous is None else subject.previous.submitted_at
    if before is not None and submitted < before:
        yield Finding("attempt_times", "attempt_submitted_at", submitted, before)


def audit_retry_counts(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield counts of attempts, and buckets of progress, that are not those of the attempt."""
    stored = subject.stored
    retries = stored.get("retry_metadata")
    if isinstance(retries, dict):
        used = retries.get("attempts_used")
        if type(used) is int and used != subject.attempt_index:
            where = "retry_metadata.attempts_used"
            yield Finding("retry_counts", where, used, subject.attempt_index)
        shown, left = stored.get("feedback_shown"), retries.get("attempts_remaining")
        if isinstance(shown, dict) and type(left) is int:
            before = shown.get("attempts_remaining_shown")  # after the attempt before
            if type(before) is int and before != left + 1:
                where = "retry_metadata.attempts_remaining"
                yield Finding("retry_counts", where, left, before - 1)
        allowed = retries.get("retry_allowed")
        if allowed is True and (subject.is_credited or left == 0):
            yield Finding("retry_counts", "retry_metadata.retry_allowed", True, False)
    outcomes = subject.outcomes[: subject.checked]
    if None not in outcomes:
        bucket = stored.get("coarse_progress_bucket")
        held = is_in_bucket(bucket, outcomes.count(True), subject.checked)
        if held is False:
            share = f"{outcomes.count(True)} of {subject.checked} hold"
            yield Finding("retry_counts", "coarse_progress_bucket", bucket, share)


def is_in_bucket(bucket: Any, passed: int, checked: int) -> bool | None:
    """Return whether a share of constraints lies in a bucket, None if its name is not known."""
    match = _BUCKET.fullmatch(bucket) if isinstance(bucket, str) else None
    if match is None or not checked:
        return None
    return (100 * passed >= int(match[2]) * checked) == (match[1] == "gte")
