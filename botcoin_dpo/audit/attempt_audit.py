"""One attempt in, all that an audit finds in it out."""

from dataclasses import dataclass, field

from botcoin_dpo.audit.answers import audit_answers
from botcoin_dpo.audit.citations import audit_citations
from botcoin_dpo.audit.constraints import Verdict, audit_constraints, findings_of
from botcoin_dpo.audit.hidden import audit_hidden_text
from botcoin_dpo.audit.knowledge import Knowledge
from botcoin_dpo.audit.paths import audit_paths
from botcoin_dpo.audit.rules import Finding
from botcoin_dpo.audit.subject import Subject
from botcoin_dpo.audit.summaries import audit_summaries


@dataclass(slots=True)
class AttemptAudit:
    """What an audit makes of an attempt."""

    verdicts: list[Verdict]
    """On the checked constraints."""
    findings: list[Finding] = field(default_factory=list)


def audit_attempt(subject: Subject, knowledge: Knowledge) -> AttemptAudit:
    """Audit an attempt, with what other attempts of its challenge tell."""
    verdicts = audit_constraints(subject, knowledge)
    return AttemptAudit(
        verdicts,
        [
            *findings_of(verdicts),
            *subject.computation_findings,
            *audit_citations(subject),
            *audit_summaries(subject),
            *audit_answers(subject.stored),
            *audit_paths(subject),
            *audit_hidden_text(subject),
        ],
    )
