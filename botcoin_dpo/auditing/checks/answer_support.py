"""The answers that a record expects, against the document and the records of other miners.

Who changes `expected` changes what every constraint asks for, so an answer that is refuted decides
no outcome. Contract: schemas/README.md, "Audit".
"""

from dataclasses import replace

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.expected_texts.from_document import reading_of
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.trace_evidence import entity_key


def refuted_answers(subject: AuditedAttempt, consensus: Consensus) -> dict[int, str]:
    """Return the answers that are others than a record expects, by question from 1."""
    if subject.answers is None or not subject.answers_are_ordered:
        return {}
    reading = reading_of(subject.document, subject.questions)
    refuted = {}
    for question, expected in enumerate(subject.answers, start=1):
        if expected is None:
            continue
        other = consensus.answer(question, subject.miner_id)
        if question in subject.constraint_set.questions:  # the others decide nothing
            other = reading.answer(question) or other
        if other is not None and entity_key(other) != entity_key(expected):
            refuted[question] = other
    return refuted


def without_answers(subject: AuditedAttempt, refuted: dict[int, str]) -> AuditedAttempt:
    """Return an attempt of which some answers are not known."""
    if not refuted or subject.answers is None:
        return subject
    answers = [
        None if number in refuted else answer
        for number, answer in enumerate(subject.answers, start=1)
    ]
    return replace(subject, answers=answers)


def findings_of_answers(subject: AuditedAttempt, refuted: dict[int, str]) -> list[Finding]:
    """Return a finding for each answer that is refuted."""
    return [
        Finding("answer_support", f"question {number}", subject.answer(number), other)
        for number, other in refuted.items()
    ]
