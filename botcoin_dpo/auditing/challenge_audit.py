"""Audits every attempt at a challenge, with what the others at the same input tell."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.auditing.attempt_audit import AttemptAudit, audit_attempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt, audited_attempt_of
from botcoin_dpo.auditing.checks.answer_support import (
    findings_of_answers,
    refuted_answers,
    without_answers,
)
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.constraints.kinds import KINDS, Kinds
from botcoin_dpo.sessions.candidates import Candidate, Session


class Audited(NamedTuple):
    """An attempt, and what an audit makes of it."""

    candidate: Candidate
    attempt: Attempt
    subject: AuditedAttempt
    audit: AttemptAudit


def audit_challenge(
    sessions: Sequence[Session], loader: AttemptLoader, kinds: Kinds = KINDS
) -> Iterator[Audited]:
    """Yield every attempt at a challenge with its audit, in output order; only a few are held."""
    votes: dict[bytes, Consensus] = {}
    for session in sessions:
        for candidate in session.attempts:
            consensus = votes.setdefault(candidate.input_digest, Consensus())
            if candidate.is_credited:
                consensus.add(audited_attempt_of(loader.load(candidate), kinds=kinds))
    for session in sessions:
        for candidate in session.attempts:
            attempt = loader.load(candidate)
            subject = audited_attempt_of(attempt, loader.previous(attempt), kinds)
            consensus = votes[candidate.input_digest]
            refuted = refuted_answers(subject, consensus)
            audit = audit_attempt(without_answers(subject, refuted), consensus)
            audit.findings += findings_of_answers(subject, refuted)
            yield Audited(candidate, attempt, subject, audit)
