"""What is said of the attempt before: by the feedback that was shown, and by revision steps.

Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.retries import is_in_bucket
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, EXTRACT, is_revision, step_id_of

_COUNTED = re.compile(
    r"(?:\battempt\s#?(?P<attempt>[0-9]{1,4})\s)?\bpassed\s(?:only\s)?"
    r"(?P<passed>[0-9]{1,4})(?:\s?/\s?|\s(?:out\s)?of\s)(?P<total>[0-9]{1,4})\b(?![./][0-9])",
    re.IGNORECASE,
)
_LONGEST_NOTE = 2_000
"""Characters of a note that are read."""

_STEPS = frozenset({EXTRACT, COMPUTE})


def audit_feedback(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield what feedback and notes say of the attempt before and that was not so."""
    shown = subject.stored.get("feedback_shown")
    if isinstance(shown, dict):
        yield from _audit_shown(subject, shown)
    if subject.previous is not None:
        passed = subject.previous.outcomes[: subject.checked].count(True)
        for step in subject.trace:
            if step.get("action") not in _STEPS and is_revision(step):
                yield from _audit_note(subject, step, passed)


def _audit_shown(subject: AuditedAttempt, shown: JsonObject) -> Iterator[Finding]:
    if subject.attempt_index == 1:
        yield Finding("feedback", "feedback_shown", "shown", "no attempt before")
        return
    passed, total = shown.get("constraints_passed_shown"), shown.get("constraints_total_shown")
    if subject.previous is not None:
        total = subject.checked
        passed = subject.previous.outcomes[:total].count(True)
    elif type(total) is int and total != subject.checked:
        yield Finding("feedback", "feedback_shown.constraints_total_shown", total, subject.checked)
    bucket = shown.get("progress_bucket_shown")
    if type(passed) is int and type(total) is int and is_in_bucket(bucket, passed, total) is False:
        where = "feedback_shown.progress_bucket_shown"
        yield Finding("feedback", where, bucket, f"{passed} of {total} hold")
    if shown.get("retry_allowed_shown") is False:  # and yet there was one
        yield Finding("feedback", "feedback_shown.retry_allowed_shown", False, True)


def _audit_note(subject: AuditedAttempt, step: JsonObject, passed: int) -> Iterator[Finding]:
    """Yield a count of constraints in a revision step, if none in the step is that before."""
    counts: list[Any] = []
    for text in step.values():
        if not isinstance(text, str):
            continue
        for match in _COUNTED.finditer(text[:_LONGEST_NOTE]):
            attempt, total = match["attempt"], int(match["total"])
            is_before = attempt is None or int(attempt) == subject.attempt_index - 1
            if is_before and total == subject.checked:
                counts.append(int(match["passed"]))
    if counts and passed not in counts:
        name = str(step_id_of(step) or "revision")[:80]
        yield Finding("feedback", name, f"{counts[0]} of {subject.checked}", passed)
