"""The recorded outcome of every constraint, against the artifact.

Three grounds, the surest first: the text alone; what credited attempts of the challenge confirm;
what the attempt itself has read. Only what is certain contradicts a record.
Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from msgspec import Struct

from botcoin_dpo.auditing.audited_attempt import Subject
from botcoin_dpo.auditing.expected_texts.candidates import has_nothing_like
from botcoin_dpo.auditing.expected_texts.consensus import Knowledge
from botcoin_dpo.auditing.expected_texts.from_trace import (
    Expected,
    expected_texts,
    superseded_values,
)
from botcoin_dpo.auditing.rules import Finding
from botcoin_dpo.constraints.checking import is_kept
from botcoin_dpo.constraints.kinds import ConstraintKind
from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    ForbiddenLetter,
    Include,
    WordCount,
)

Status = Literal["verified", "contradicted", "unchecked"]
STATUSES: tuple[Status, ...] = get_args(Status)

UncheckedReason = Literal["not_understood", "not_known", "own_reading", "uncertain", "no_outcome"]
UNCHECKED_REASONS: dict[UncheckedReason, str] = {
    "not_understood": "the words of the constraint are not understood",
    "not_known": "an answer, or a value with a citation that matches, is not known",
    "own_reading": "it is said to fail, and would hold by what the attempt itself has read",
    "uncertain": "it differs, but what it is compared with rests on a guess",
    "no_outcome": "the record does not say whether it holds",
}


_PARTS = re.compile(r"[^\W\d_]{2,}|\d+")
_MARKS = re.compile(r"[\W_]+")


class Verdict(NamedTuple):
    """What an audit makes of one recorded outcome."""

    number: int
    kind: ConstraintKind
    recorded: bool | None
    status: Status
    reason: UncheckedReason | None = None
    """Why it is unchecked."""
    expected: str | None = None
    """What the artifact must have, where that is known."""


def audit_constraints(subject: Subject, knowledge: Knowledge) -> list[Verdict]:
    """Return a verdict on each checked constraint."""
    return [_verdict(subject, index, knowledge) for index in range(subject.checked)]


def findings_of(verdicts: list[Verdict]) -> Iterator[Finding]:
    """Yield the outcomes that are recorded wrongly."""
    for verdict in verdicts:
        if verdict.status == "contradicted":
            subject = f"constraint {verdict.number} ({verdict.kind})"
            yield Finding("constraint_outcome", subject, verdict.recorded, not verdict.recorded)


class _Ground(Struct, frozen=True, gc=False):
    """One reason to believe that a constraint holds or does not."""

    holds: bool
    is_certain: bool
    doubt: UncheckedReason = "uncertain"
    """Why it cannot contradict a record."""
    expected: str | None = None


def _verdict(subject: Subject, index: int, knowledge: Knowledge) -> Verdict:
    requirements, recorded = subject.requirements, subject.outcomes[index]
    kind, constraint = requirements.kinds[index], requirements.constraints[index]
    if recorded is None:
        return Verdict(index, kind, recorded, "unchecked", "no_outcome")
    if constraint is None:
        return Verdict(index, kind, recorded, "unchecked", "not_understood")
    ground = _ground(subject, index, constraint, knowledge)
    if ground is None:
        return Verdict(index, kind, recorded, "unchecked", "not_known")
    if ground.holds == recorded:
        return Verdict(index, kind, recorded, "verified", None, ground.expected)
    if ground.is_certain:
        return Verdict(index, kind, recorded, "contradicted", None, ground.expected)
    return Verdict(index, kind, recorded, "unchecked", ground.doubt, ground.expected)


def _ground(
    subject: Subject, index: int, constraint: Constraint, knowledge: Knowledge
) -> _Ground | None:
    """Return the surest that can be said of an outcome, None if nothing can."""
    artifact = subject.artifact
    if isinstance(constraint, WordCount):
        expected = str(constraint.words)
        return _Ground(is_kept(constraint, artifact, expected), True, expected=expected)
    if isinstance(constraint, ForbiddenLetter):
        letter = constraint.letter
        return _Ground(is_kept(constraint, artifact, letter.lower()), True, expected=letter)
    if isinstance(constraint, Acrostic) and (own := expected_texts(subject, index)):
        # from the coordinator's answers
        is_certain = subject.answers_are_ordered
        return _Ground(is_kept(constraint, artifact, own[0].text), is_certain, expected=own[0].text)
    if (confirmed := knowledge.confirmed(index)) is not None:
        # On path A, whose rules nobody tells, an outcome may be that of the superseded values.
        is_certain = confirmed.is_certain and subject.acceptance_path != "A"
        if is_kept(constraint, artifact, confirmed.text):
            return _Ground(True, is_certain, expected=confirmed.text)
        is_certain = is_certain or has_nothing_like(constraint, artifact)
        return _Ground(False, is_certain, expected=confirmed.text)
    if has_nothing_like(constraint, artifact):
        return _Ground(False, True)
    own = expected_texts(subject, index)
    kept = [each for each in own if is_kept(constraint, artifact, each.text)]
    if kept:  # a miner that reads wrongly writes what it has read
        return _Ground(True, False, "own_reading", kept[0].text)
    if own:
        is_certain = all(each.is_certain for each in own) and _writes_what_it_reads(
            subject, constraint, own
        )
        return _Ground(False, is_certain, expected=own[0].text)
    return None


def _writes_what_it_reads(subject: Subject, constraint: Constraint, own: list[Expected]) -> bool:
    """Return whether what an attempt has read must be in its artifact if its outcome is right."""
    if subject.acceptance_path == "A":
        return False
    readings = [reading for each in own for reading in each.readings]
    superseded = superseded_values(subject)
    if any(each.rests_on(superseded) for each in own):
        return False  # it may have read the right value somewhere else
    if isinstance(constraint, Include):  # perhaps a part of what was extracted is asked for
        artifact = subject.artifact.casefold()
        texts = [str(reading.value).casefold() for reading in readings]
        parts = {part for text in texts for part in (_MARKS.sub("", text), *_PARTS.findall(text))}
        return not any(part in artifact for part in parts)
    # Two errors may give the right number, and it may compute with something else.
    return not subject.computation_findings and all(
        reading.value in subject.reduced for reading in readings
    )
