"""The recorded outcome of every constraint, against the artifact.

The best ground decides; two that disagree leave the outcome disputed. What an attempt has read
itself never verifies. Contract: schemas/README.md, "Verdicts on outcomes".
"""

import re
from collections.abc import Iterator
from typing import Any

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.borne_out import borne_out_text
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.expected_texts.from_document import Known, known_text
from botcoin_dpo.auditing.expected_texts.from_trace import (
    Expected,
    expected_texts,
    superseded_values,
)
from botcoin_dpo.auditing.expected_texts.trapped import is_out_of_traps, sought_by_traps
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.constraints.constraint import Answer, Constraint, Reference, Term

_PARTS = re.compile(r"[^\W\d_]{2,}|\d+")
_MARKS = re.compile(r"[\W_]+")


def audit_constraints(subject: AuditedAttempt, consensus: Consensus) -> list[Verdict]:
    """Return a verdict on each checked constraint."""
    return [_verdict(subject, index, consensus) for index in range(subject.checked)]


def findings_of(verdicts: list[Verdict]) -> Iterator[Finding]:
    """Yield the outcomes that are recorded wrongly, and those that are disputed."""
    for verdict in verdicts:
        if verdict.status == "contradicted":
            yield Finding(
                "constraint_outcome", _name(verdict), verdict.recorded, not verdict.recorded
            )
        elif verdict.status == "disputed":
            yield Finding("disputed_outcome", _name(verdict), verdict.recorded, None)


def _name(verdict: Verdict) -> str:
    return f"constraint {verdict.number} ({verdict.kind})"


def _verdict(subject: AuditedAttempt, index: int, consensus: Consensus) -> Verdict:
    recorded = subject.outcomes[index]
    constraint = subject.constraint_set.constraints[index]
    undecided = Verdict(index, subject.constraint_set.kinds[index], recorded, "unchecked")
    if recorded is None:
        return undecided._replace(reason="no_outcome")
    if constraint is None:
        return undecided._replace(reason="not_understood")
    known = _best(subject, constraint)
    leading = consensus.leading(index, subject.miner_id)
    if known is None:
        known = borne_out_text(subject, index, constraint)
    if known is None and leading is not None:
        known = Known(leading, "consensus")
    if known is None:
        return _by_own_reading(subject, index, constraint, consensus, undecided)
    verdict = _by(known, subject, constraint, undecided)
    if leading is None or known.ground in ("text", "consensus"):
        return verdict
    if constraint.holds(subject.artifact, leading) != constraint.holds(
        subject.artifact, known.text
    ):
        return verdict._replace(status="disputed", reason=None)
    return verdict


def _best(subject: AuditedAttempt, constraint: Constraint) -> Known | None:
    """Return the text that a constraint asks for, by the best ground but other miners."""
    if constraint.own_text is not None:
        return Known(constraint.own_text, "text")
    return known_text(subject, constraint)


def _by(known: Known, subject: AuditedAttempt, constraint: Constraint, verdict: Verdict) -> Verdict:
    """Return the verdict by a text that is known."""
    verdict = verdict._replace(ground=known.ground, expected=known.text, place=known.place)
    if constraint.holds(subject.artifact, known.text) == verdict.recorded:
        return verdict._replace(status="verified")
    if constraint.is_doubtful(subject.artifact, known.text):
        return verdict._replace(reason="spelling")
    if verdict.recorded and _may_speak_of_wrong_values(subject, constraint):
        return verdict._replace(reason="uncertain")
    return verdict._replace(status="contradicted")


def _may_speak_of_wrong_values(subject: AuditedAttempt, constraint: Constraint) -> bool:
    """Return whether an artifact may have what the traps' wrong values lead to, as path A asks.

    An attempt that was accepted on path A and has a failed constraint was held against the correct
    values, since by the wrong ones all hold.
    """
    if subject.acceptance_path != "A" or False in subject.outcomes[: subject.checked]:
        return False
    if all(isinstance(need, Answer) for need in constraint.needs):
        return False  # traps have values of attributes, and it asks for none
    sought = sought_by_traps(subject, constraint, "wrong_value")
    if sought is None:  # a record may lack its traps, or the answers that tell whose they are
        return not is_out_of_traps(subject, constraint)
    return sought.is_in(subject.artifact)


def _by_own_reading(
    subject: AuditedAttempt,
    index: int,
    constraint: Constraint,
    consensus: Consensus,
    verdict: Verdict,
) -> Verdict:
    """Return the verdict by what the attempt itself has read: a liar writes what it has read."""
    artifact, recorded = subject.artifact, verdict.recorded
    if not constraint.could_hold(artifact):
        return verdict._replace(status="contradicted" if recorded else "verified", ground="text")
    if not recorded and is_out_of_traps(subject, constraint):
        return verdict._replace(status="contradicted", ground="traps")
    own = expected_texts(subject, index)
    votes = consensus.texts(index)
    if any([constraint.holds(artifact, text) != recorded for text in votes]):
        is_read = any([constraint.holds(artifact, each.text) == recorded for each in own])
        if is_read or len(votes) > 1:
            return verdict._replace(status="disputed", ground="consensus")
        return verdict._replace(reason="uncertain", ground="consensus", expected=next(iter(votes)))
    if not own:
        return verdict._replace(reason="not_known")
    verdict = verdict._replace(ground="own_reading")
    held = [each for each in own if constraint.holds(artifact, each.text)]
    if held:
        verdict = verdict._replace(expected=held[0].text)
        return (
            verdict._replace(status="consistent")
            if recorded
            else verdict._replace(reason="own_reading")
        )
    verdict = verdict._replace(expected=own[0].text)
    if not recorded:
        return verdict._replace(status="consistent")
    is_certain = all([each.is_certain for each in own])
    if is_certain and _writes_what_it_reads(subject, constraint, own):
        return verdict._replace(status="contradicted")
    return verdict._replace(reason="uncertain")


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
