"""The questions of a pair, with the answer that each side worked with, as far as a row tells.

A row has no answers. Which entity a side took for an answer shows where its artifact has a text
that follows from what its trace read of one entity alone; the document's own answer is the one that
its figures lead to. Contract: schemas/README.md, "Looking at pairs".
"""

from dataclasses import dataclass

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.from_document import reading_of
from botcoin_dpo.auditing.expected_texts.from_trace import expected_texts
from botcoin_dpo.auditing.trace_evidence import entity_key
from botcoin_dpo.constraints.constraint import Constraint, Term


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question, and its answers where they are known."""

    index: int
    """From 0, as in the row."""
    text: str
    asked_by: list[int]
    """The constraints that need its answer, from 0."""
    document: str | None
    """The answer that the document's figures lead to; looked for where a constraint needs it."""
    rejected: str | None
    """The entity that the rejected side took for the answer."""
    chosen: str | None


def question_lines(
    texts: list[str], subjects: tuple[AuditedAttempt, AuditedAttempt]
) -> list[QuestionLine]:
    """Return the questions of a row, with what its rejected and its chosen attempt answered."""
    asked_by = _asked_by(subjects[0])
    reading = reading_of(subjects[0].document, subjects[0].questions)
    rejected, chosen = (_answers(subject) for subject in subjects)
    return [
        QuestionLine(
            index=number - 1,
            text=text,
            asked_by=asked_by.get(number, []),
            document=reading.answer(number) if number in asked_by else None,
            rejected=rejected.get(number),
            chosen=chosen.get(number),
        )
        for number, text in enumerate(texts, start=1)
    ]


def _questions_of(constraint: Constraint) -> set[int]:
    return {
        need.reference.question if isinstance(need, Term) else need.question
        for need in constraint.needs
    }


def _asked_by(subject: AuditedAttempt) -> dict[int, list[int]]:
    """Return the constraints that need the answer to each question, which count from 1."""
    asked_by: dict[int, list[int]] = {}
    for index, constraint in enumerate(subject.constraint_set.constraints):
        for question in _questions_of(constraint) if constraint is not None else ():
            asked_by.setdefault(question, []).append(index)
    return asked_by


def _answers(subject: AuditedAttempt) -> dict[int, str]:
    """Return the only entity by question that what the artifact has was read of."""
    found: dict[int, dict[str, str]] = {}
    for index, constraint in enumerate(subject.constraint_set.constraints):
        if constraint is None or not constraint.references:
            continue
        for expected in expected_texts(subject, index):
            if not _is_written(constraint, subject.artifact, expected.text):
                continue
            for reading in expected.readings:
                names = found.setdefault(reading.question, {})
                names.setdefault(entity_key(reading.entity), reading.entity)
    return {
        question: next(iter(names.values())) for question, names in found.items() if len(names) == 1
    }


def _is_written(constraint: Constraint, artifact: str, text: str) -> bool:
    """Return whether an artifact has a text, and not only as a part of a larger number."""
    return constraint.holds(artifact, text) and constraint.stands_out(artifact, text)
