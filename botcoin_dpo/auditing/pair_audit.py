"""Makes the `audit` object of a row from its pair.

Contract: schemas/README.md, "Audit"; `schemas/pair.schema.json`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from botcoin_dpo.attempts.attempt import Attempt, PreviousAttempt
from botcoin_dpo.auditing.attempt_audit import AttemptAudit, audit_attempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt, audited_attempt_of
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.signals import pair_signals
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.contract.audit_rules import RuleId, in_order_of_rules
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS, STATUSES, Ground, Status
from botcoin_dpo.rows.prompt import completion_text


@dataclass(frozen=True, slots=True)
class PairAudit:
    """What an audit makes of a pair."""

    rejected: AttemptAudit
    chosen: AttemptAudit
    signals: JsonObject = field(default_factory=dict)

    @property
    def flags(self) -> list[RuleId]:
        """The rules that something was found by in either attempt, in the order of `RULES`."""
        return _rules(self.rejected, self.chosen)

    @property
    def found_in(self) -> dict[str, list[RuleId]]:
        """The same by the side in which it was found."""
        return {"rejected": _rules(self.rejected), "chosen": _rules(self.chosen)}

    def as_json(self) -> JsonObject:
        """Return the `audit` object of a row."""
        return {
            "verdicts": {
                "rejected": _counts(self.rejected.verdicts),
                "chosen": _counts(self.chosen.verdicts),
            },
            "grounds": {
                "rejected": _grounds(self.rejected.verdicts),
                "chosen": _grounds(self.chosen.verdicts),
            },
            "flags": self.flags,
            "found_in": self.found_in,
            "signals": self.signals,
        }


def _rules(*audits: AttemptAudit) -> list[RuleId]:
    return in_order_of_rules(finding.rule for audit in audits for finding in audit.findings)


def _grounds(verdicts: list[Verdict]) -> dict[Status, dict[Ground, int]]:
    """Return how many verdicts of each status stand on each ground."""
    counts = Counter((verdict.status, verdict.ground) for verdict in verdicts)
    return {
        status: found
        for status in STATUSES
        if (found := {each: counts[status, each] for each in GROUNDS if counts[status, each]})
    }


def _counts(verdicts: list[Verdict]) -> dict[Status, int]:
    statuses = [verdict.status for verdict in verdicts]
    return {status: statuses.count(status) for status in STATUSES}


def _nothing_before(attempt: Attempt) -> PreviousAttempt | None:
    return None


def audit_pair(
    rejected: Attempt,
    chosen: Attempt,
    revision_time_ms: int | None,
    previous: Callable[[Attempt], PreviousAttempt | None] = _nothing_before,
) -> PairAudit:
    """Audit a pair of decoded attempts on the same input, with what the two tell.

    Args:
        rejected: the failing attempt.
        chosen: the passing attempt.
        revision_time_ms: between the two, where it is known.
        previous: returns what is asked of the attempt right before one, where there is one.
    """
    before, after = (
        audited_attempt_of(attempt, previous(attempt)) for attempt in (rejected, chosen)
    )
    before_text, after_text = (
        completion_text(attempt.think, attempt.artifact) for attempt in (rejected, chosen)
    )
    return audit_attempts(before, after, before_text, after_text, revision_time_ms)


def audit_attempts(
    rejected: AuditedAttempt,
    chosen: AuditedAttempt,
    rejected_text: str,
    chosen_text: str,
    revision_time_ms: int | None,
) -> PairAudit:
    """Audit the two sides of a pair."""
    consensus = Consensus()  # it takes two other miners, and a pair has at most one
    return PairAudit(
        audit_attempt(rejected, consensus),
        audit_attempt(chosen, consensus),
        pair_signals(rejected, chosen, rejected_text, chosen_text, revision_time_ms),
    )
