"""Runs all checks of the audit on one attempt."""

from dataclasses import dataclass, field

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.acceptance import audit_acceptance
from botcoin_dpo.auditing.checks.answers import audit_answers
from botcoin_dpo.auditing.checks.citation_entries import audit_citation_entries
from botcoin_dpo.auditing.checks.citations import audit_citations
from botcoin_dpo.auditing.checks.constraint_outcomes import audit_constraints, findings_of
from botcoin_dpo.auditing.checks.feedback import audit_feedback
from botcoin_dpo.auditing.checks.hidden_text import audit_hidden_text
from botcoin_dpo.auditing.checks.pass_label import audit_pass_label
from botcoin_dpo.auditing.checks.path_a import audit_path_a
from botcoin_dpo.auditing.checks.paths import audit_paths
from botcoin_dpo.auditing.checks.retries import audit_retry_counts, audit_times
from botcoin_dpo.auditing.checks.summaries import audit_summaries
from botcoin_dpo.auditing.checks.trace_validity import audit_trace_validity
from botcoin_dpo.auditing.checks.trap_claims import audit_trap_claims
from botcoin_dpo.auditing.checks.trap_zones import audit_trap_zones
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.verdict import Verdict


@dataclass(slots=True)
class AttemptAudit:
    """What an audit makes of an attempt."""

    verdicts: list[Verdict]
    """On the checked constraints."""
    findings: list[Finding] = field(default_factory=list)


def audit_attempt(subject: AuditedAttempt, consensus: Consensus) -> AttemptAudit:
    """Audit an attempt, with what other attempts of its challenge tell."""
    verdicts = audit_constraints(subject, consensus)
    return AttemptAudit(
        verdicts,
        [
            *findings_of(verdicts),
            *audit_pass_label(subject),
            *audit_acceptance(subject),
            *subject.evidence.computation_findings,
            *audit_citations(subject),
            *audit_citation_entries(subject),
            *audit_trace_validity(subject),
            *audit_summaries(subject),
            *audit_answers(subject.stored),
            *audit_times(subject),
            *audit_retry_counts(subject),
            *audit_feedback(subject),
            *audit_paths(subject),
            *audit_path_a(subject),
            *audit_trap_claims(subject),
            *audit_trap_zones(subject),
            *audit_hidden_text(subject),
        ],
    )
