"""Finds the spans of an artifact that satisfy or violate each constraint.

What a constraint asks is known from its text, or from what an audit found; where neither tells,
nothing is marked. Nothing is marked against the recorded outcome: of a constraint that passed, only
what keeps it, of one that failed, only what is wrong. Contract: schemas/README.md, "Constraints".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from botcoin_dpo.constraints.checking import is_kept
from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    Equation,
    ForbiddenLetter,
    Prime,
    WordCount,
)

_NUMBER = re.compile(r"(?<![\w+=.])[0-9]+(?![\w+=.])")
_EQUATION = re.compile(r"[0-9]+\+[0-9]+=[0-9]+")
_WORD = re.compile(r"[^ ]+")
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
        if is_kept(constraint, artifact, text) != passed:
            continue  # it is not what was asked, or the record is wrong
        found = _keeping if passed else _breaking
        spans = list(found(artifact, constraint, text))[:_MOST]
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


def stands_alone(artifact: str, text: str) -> bool:
    """Return whether a number is one of the artifact's, not only a part of another or a sum."""
    return any(match.group() == text for match in _NUMBER.finditer(artifact))


def _keeping(artifact: str, constraint: Constraint, text: str) -> Iterator[tuple[int, int]]:
    if isinstance(constraint, WordCount | ForbiddenLetter):
        return  # all words together keep it, or none breaks it
    if isinstance(constraint, Acrostic):
        for word, _ in zip(_WORD.finditer(artifact), text, strict=False):
            yield word.start(), word.start() + 1
        return
    start = artifact.find(text)
    if isinstance(constraint, Prime):
        alone = (match.start() for match in _NUMBER.finditer(artifact) if match.group() == text)
        start = next(alone, start)
    yield start, start + len(text)


def _breaking(artifact: str, constraint: Constraint, text: str) -> Iterator[tuple[int, int]]:
    if isinstance(constraint, ForbiddenLetter):
        for place, character in enumerate(artifact):
            if text in character.lower():  # as the check does it
                yield place, place + 1
    elif isinstance(constraint, Acrostic):
        for word, letter in zip(_WORD.finditer(artifact), text, strict=False):
            if word.group()[0].upper() != letter:
                yield word.start(), word.start() + 1
    elif isinstance(constraint, Prime | Equation):  # what stands there instead
        pattern = _NUMBER if isinstance(constraint, Prime) else _EQUATION
        for match in pattern.finditer(artifact):
            yield match.start(), match.end()
