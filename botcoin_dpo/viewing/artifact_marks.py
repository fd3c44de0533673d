"""Finds the spans of an artifact that satisfy or violate each constraint.

What a constraint asks is known from its text, or from what an audit found; where neither tells,
nothing is marked. Nothing is marked against the recorded outcome: of a constraint that passed, only
what keeps it, of one that failed, only what is wrong. Contract: schemas/README.md, "Constraints".
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from botcoin_dpo.constraints.constraint import Constraint

_MOST = 200
"""Marks of one constraint."""


class ArtifactMark(NamedTuple):
    """A part of an artifact that tells something of a constraint."""

    start: int
    end: int
    constraint: int
    """Its index."""
    keeps: bool
    """Whether it is what the constraint asks for, or what is wrong."""


class Asked(NamedTuple):
    """A constraint, as far as it is known what it asks and what became of it."""

    constraint: Constraint | None
    text: str | None
    """That the artifact must have, or must not have."""
    passed: bool | None
    """As recorded."""


def artifact_marks(artifact: str, asked: Iterable[Asked]) -> list[ArtifactMark]:
    """Return what keeps or breaks constraints, by place."""
    marks = []
    for index, (constraint, text, passed) in enumerate(asked):
        if constraint is None or text is None or passed is None:
            continue
        if constraint.holds(artifact, text) != passed:
            continue  # it is not what was asked, or the record is wrong
        spans_of = constraint.keeping_spans if passed else constraint.breaking_spans
        spans = islice(spans_of(artifact, text), _MOST)
        marks += [ArtifactMark(start, end, index, passed) for start, end in spans]
    keeping = {(mark.start, mark.end) for mark in marks if mark.keeps}
    # A number that another constraint asks for is not there by mistake.
    return sorted(mark for mark in marks if mark.keeps or (mark.start, mark.end) not in keeping)


def visible_marks(marks: Sequence[ArtifactMark]) -> list[ArtifactMark]:
    """Return marks that do not overlap: what is wrong first, then the longest."""
    visible: list[ArtifactMark] = []
    for mark in sorted(marks, key=lambda mark: (mark.keeps, mark.start - mark.end, mark)):
        if all(mark.end <= other.start or other.end <= mark.start for other in visible):
            visible.append(mark)
    return sorted(visible)
