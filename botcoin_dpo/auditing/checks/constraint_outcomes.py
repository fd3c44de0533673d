"""The recorded outcome of every constraint, against the artifact.

Three grounds, the surest first: the text alone; what credited attempts of the challenge confirm;
what the attempt itself has read. Only what is certain contradicts a record.
Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

from msgspec import Struct

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.expected_texts.from_trace import (
    Expected,
    expected_texts,
    superseded_values,
)
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.constraint import Constraint, Reference, Term

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
    kind: str
    recorded: bool | None
    status: Status
    reason: UncheckedReason | None = None
    """Why it is unchecked."""
    expected: str | None = None
    """The constraint's text, where that is known."""


def audit_constraints(subject: AuditedAttempt, consensus: Consensus) -> list[Verdict]:
    """Return a verdict on each checked constraint."""
    return [_verdict(subject, index, consensus) for index in range(subject.checked)]


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


def _verdict(subject: AuditedAttempt, index: int, consensus: Consensus) -> Verdict:
    constraint_set, recorded = subject.constraint_set, subject.outcomes[index]
    kind, constraint = constraint_set.kinds[index], constraint_set.constraints[index]
    if recorded is None:
        return Verdict(index, kind, recorded, "unchecked", "no_outcome")
    if constraint is None:
        return Verdict(index, kind, recorded, "unchecked", "not_understood")
    ground = _ground(subject, index, constraint, consensus)
    if ground is None:
        return Verdict(index, kind, recorded, "unchecked", "not_known")
    if ground.holds == recorded:
        return Verdict(index, kind, recorded, "verified", None, ground.expected)
    if ground.is_certain:
        return Verdict(index, kind, recorded, "contradicted", None, ground.expected)
    return Verdict(index, kind, recorded, "unchecked", ground.doubt, ground.expected)


def _ground(
    subject: AuditedAttempt, index: int, constraint: Constraint, consensus: Consensus
) -> _Ground | None:
    """Return the surest that can be said of an outcome, None if nothing can."""
    artifact = subject.artifact
    text = constraint.own_text
    if text is not None:
        return _Ground(constraint.holds(artifact, text), True, expected=text)
    if not constraint.references and (own := expected_texts(subject, index)):
        # from the coordinator's answers
        text = own[0].text
        return _Ground(constraint.holds(artifact, text), own[0].is_certain, expected=text)
    if (confirmed := consensus.confirmed(index)) is not None:
        # On path A, whose rules nobody tells, an outcome may be that of the superseded values.
        is_certain = confirmed.is_certain and subject.acceptance_path != "A"
        if constraint.holds(artifact, confirmed.text):
            return _Ground(True, is_certain, expected=confirmed.text)
        is_certain = is_certain or not constraint.could_hold(artifact)
        return _Ground(False, is_certain, expected=confirmed.text)
    if not constraint.could_hold(artifact):
        return _Ground(False, True)
    own = expected_texts(subject, index)
    kept = [each for each in own if constraint.holds(artifact, each.text)]
    if kept:  # a miner that reads wrongly writes what it has read
        return _Ground(True, False, "own_reading", kept[0].text)
    if own:
        is_certain = all(each.is_certain for each in own) and _writes_what_it_reads(
            subject, constraint, own
        )
        return _Ground(False, is_certain, expected=own[0].text)
    return None


def _writes_what_it_reads(
    subject: AuditedAttempt, constraint: Constraint, own: list[Expected]
) -> bool:
    """Return whether what an attempt has read must be in its artifact if its outcome is right."""
    if subject.acceptance_path == "A":
        return False
    superseded = superseded_values(subject)
    if any(each.rests_on(superseded) for each in own):
        return False  # it may have read the right value somewhere else
    evidence = subject.evidence
    readings = [pair for each in own for pair in zip(constraint.needs, each.readings, strict=True)]
    read = [reading.value for need, reading in readings if isinstance(need, Reference)]
    if read and _has_part_of(read, subject.artifact):
        return False  # perhaps a part of what was extracted is asked for
    taken = [reading.value for need, reading in readings if isinstance(need, Term)]
    # Two errors may give the right number, and it may compute with something else.
    return not taken or (
        not evidence.computation_findings and all(value in evidence.reduced for value in taken)
    )


def _has_part_of(values: list[Any], artifact: str) -> bool:
    artifact = artifact.casefold()
    texts = [str(value).casefold() for value in values]
    parts = {part for text in texts for part in (_MARKS.sub("", text), *_PARTS.findall(text))}
    return any(part in artifact for part in parts)
