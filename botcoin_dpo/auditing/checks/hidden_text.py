"""Where a submission has characters that people do not see.

Contract: schemas/README.md, "Hidden characters", "Audit".
"""

from collections import Counter
from collections.abc import Iterator

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.hidden_text import hidden_places

_MOST_NAMED = 10
"""Different characters of one place that are named."""


def audit_hidden_text(subject: AuditedAttempt) -> Iterator[Finding]:
    """Yield a finding for the artifact, the model's name and each step that hides something."""
    steps = subject.trace if subject.trace_lines is None else subject.trace_lines
    for where, found in hidden_places(subject.artifact, subject.model, steps):
        yield Finding("hidden_text", where, _names(found), None)


def _names(found: Counter[str]) -> str:
    """Return code points, and how often those are there that are there more than once."""
    names = [
        f"U+{ord(character):04X}" if count == 1 else f"{count} x U+{ord(character):04X}"
        for character, count in list(found.items())[:_MOST_NAMED]
    ]
    rest = len(found) - _MOST_NAMED
    return ", ".join([*names, f"{rest} others"] if rest > 0 else names)
