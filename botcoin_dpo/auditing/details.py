"""The verdicts on one attempt, as an attempt object carries them in `audit`.

Contract: schemas/README.md, "Verdicts on outcomes", "Verdicts on steps".
"""

from botcoin_dpo.auditing.attempt_audit import AttemptAudit
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.step_verdicts import StepVerdict, audit_steps
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.contract.record_types import JsonObject


def details_of(subject: AuditedAttempt, audit: AttemptAudit) -> JsonObject:
    """Return the `audit` of an attempt object, in the order of its keys."""
    return {
        "constraints": [_outcome(subject, verdict) for verdict in audit.verdicts],
        "steps": [_step(subject, verdict) for verdict in audit_steps(subject)],
        "findings": [_finding(finding) for finding in audit.findings],
    }


def _outcome(subject: AuditedAttempt, verdict: Verdict) -> JsonObject:
    constraint, place = subject.constraint_set.constraints[verdict.number], verdict.place
    found = None
    if constraint is not None and verdict.expected is not None:
        holds = constraint.holds(subject.artifact, verdict.expected)
        spans = constraint.keeping_spans if holds else constraint.breaking_spans
        first = next(spans(subject.artifact, verdict.expected), None)
        found = None if first is None else subject.artifact[first[0] : first[1]]
    return {
        "constraint": verdict.number,
        "kind": verdict.kind,
        "recorded": verdict.recorded,
        "verdict": verdict.status,
        "ground": verdict.ground,
        "reason": verdict.reason,
        "expected": verdict.expected,
        "found": found,
        "place": None if place is None else place._asdict(),
    }


def _step(subject: AuditedAttempt, verdict: StepVerdict) -> JsonObject:
    return {
        "step": verdict.number,
        "verdict": verdict.status,
        "reason": verdict.reason,
        "ungrounded_inputs": list(verdict.inputs),
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "subject": finding.subject,
        "recorded": finding.recorded,
        "recomputed": in_json(finding.recomputed),
    }


def in_json(value: object) -> object:
    """Return a value in which no integer is beyond 64 bits."""
    return float(value) if isinstance(value, int) and abs(value) >= 2**63 else value
