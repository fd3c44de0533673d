"""An artifact and what its constraints ask in, which of its words keep or break each of them out.

What a constraint asks is known from its text, or from what an audit found; where neither tells,
nothing is marked. Contract: schemas/README.md, "Constraints".
"""

import re
from collections.abc import Iterable, Iterator
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

_NUMBER = re.compile(r"(?<![\w+=])[0-9]+(?![\w+=])")
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


def artifact_marks(
    artifact: str, asked: Iterable[tuple[Constraint | None, str | None]]
) -> list[ArtifactMark]:
    """Return what keeps or breaks constraints, by place.

    Args:
        artifact: the answer string.
        asked: what each constraint means, and the text that it asks for, as far as known.
    """
    marks = []
    for index, (constraint, expected) in enumerate(asked):
        if constraint is not None and expected is not None:
            spans = list(_spans(artifact, constraint, expected))[:_MOST]
            marks += [ArtifactMark(start, end, index, keeps) for start, end, keeps in spans]
    return sorted(marks)


def _spans(artifact: str, constraint: Constraint, expected: str) -> Iterator[tuple[int, int, bool]]:
    if isinstance(constraint, WordCount):
        return  # all words together keep or break it
    if isinstance(constraint, ForbiddenLetter):
        for place, character in enumerate(artifact):
            if expected in character.lower():  # as the check does it
                yield place, place + 1, False
    elif isinstance(constraint, Acrostic):
        for word, letter in zip(_WORD.finditer(artifact), expected, strict=False):
            first = word.group()[0]
            yield word.start(), word.start() + 1, first.upper() == letter
    elif is_kept(constraint, artifact, expected):
        start = artifact.find(expected)
        yield start, start + len(expected), True
    elif isinstance(constraint, Prime | Equation):  # what stands there instead
        pattern = _NUMBER if isinstance(constraint, Prime) else _EQUATION
        for match in pattern.finditer(artifact):
            yield match.start(), match.end(), False
