"""Aligns the steps of two traces: the same, changed, added, removed.

Equal steps are aligned first (longest common subsequence). Between them, steps of the same action
are matched by how many words they share, so that a changed figure is one changed step and not two.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel, Opcode

StepChange = Literal["same", "changed", "added", "removed"]
Span = tuple[int, int]
"""Start and end of a part of a text, in characters."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_ACTION = re.compile(r"(?:> *)?([^:|]{0,60}):")
_ALIKE = 0.5
"""Share of common words from which two steps are one that was changed."""

_MOST_COMPARED = 40_000
"""Comparisons of steps between two equal ones; beyond, steps are matched by their order."""

_MOST_ALIGNED = 10**8
"""Steps of one side times steps of the other among which the longest common part is looked for."""

_MOST_WORK = 10**8
"""Words of one side times words of the other that are compared so; it takes about a second."""

_MOST_CHARACTERS = 20_000
"""Of a step that is compared with others."""


class DiffLine(NamedTuple):
    """One line of the comparison."""

    change: StepChange
    rejected: int | None
    """Which step of the rejected trace, from 0."""
    chosen: int | None
    rejected_parts: tuple[Span, ...] = ()
    """What of a changed step the other side does not have."""
    chosen_parts: tuple[Span, ...] = ()


def compare_traces(rejected: Sequence[str], chosen: Sequence[str]) -> list[DiffLine]:
    """Return the steps of two traces side by side; each step is in exactly one line, in order."""
    lines: list[DiffLine] = []
    left = right = 0
    # Its memory is the product of both; of more steps, only those at both ends are found equal.
    is_large = len(rejected) * len(chosen) > _MOST_ALIGNED
    for block in _ends(rejected, chosen) if is_large else Indel.opcodes(rejected, chosen):
        if block.tag == "equal":
            lines += _aligned(rejected, chosen, (left, block.src_start), (right, block.dest_start))
            lines += [
                DiffLine("same", one, other)
                for one, other in zip(
                    range(block.src_start, block.src_end),
                    range(block.dest_start, block.dest_end),
                    strict=True,
                )
            ]
            left, right = block.src_end, block.dest_end
    lines += _aligned(rejected, chosen, (left, len(rejected)), (right, len(chosen)))
    return lines


def _ends(rejected: Sequence[str], chosen: Sequence[str]) -> Iterator[Opcode]:
    """Yield what is equal at the start and at the end."""
    least = min(len(rejected), len(chosen))
    start = next((at for at in range(least) if rejected[at] != chosen[at]), least)
    rest = range(1, least - start + 1)
    end = next((at for at in rest if rejected[-at] != chosen[-at]), least - start + 1) - 1
    yield Opcode("equal", 0, start, 0, start)
    if end:
        one, other = len(rejected), len(chosen)
        yield Opcode("equal", one - end, one, other - end, other)


def _aligned(
    rejected: Sequence[str], chosen: Sequence[str], left: Span, right: Span
) -> Iterator[DiffLine]:
    """Yield the lines between two equal steps."""
    matched = _matched(rejected[slice(*left)], chosen[slice(*right)])
    one, other = left[0], right[0]
    for left_match, right_match in [*matched, (left[1] - left[0], right[1] - right[0])]:
        for step in range(one, left[0] + left_match):
            yield DiffLine("removed", step, None)
        for step in range(other, right[0] + right_match):
            yield DiffLine("added", None, step)
        one, other = left[0] + left_match + 1, right[0] + right_match + 1
        if one <= left[1] and other <= right[1]:
            before, after = rejected[one - 1], chosen[other - 1]
            yield DiffLine("changed", one - 1, other - 1, *changed_parts(before, after))


def _matched(rejected: Sequence[str], chosen: Sequence[str]) -> list[tuple[int, int]]:
    """Return which steps are the same step, changed; in order on both sides."""
    before, after = ([_Words(step) for step in steps] for steps in (rejected, chosen))
    work = sum(len(each.words) for each in before) * sum(len(each.words) for each in after)
    if len(before) * len(after) > _MOST_COMPARED or work > _MOST_WORK:
        return [
            (at, at)
            for at, (one, other) in enumerate(zip(before, after, strict=False))
            if _likeness(one, other)
        ]
    # best[i][j]: the largest sum of likenesses of the steps from i and j on.
    best = [[0.0] * (len(chosen) + 1) for _ in range(len(rejected) + 1)]
    alike = [[_likeness(one, other) for other in after] for one in before]
    for i in reversed(range(len(rejected))):
        for j in reversed(range(len(chosen))):
            both = alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    matched = []
    i = j = 0
    while i < len(rejected) and j < len(chosen) and best[i][j]:
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            matched.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return matched


class _Words:
    """A step as it is compared."""

    def __init__(self, step: str) -> None:
        match = _ACTION.match(step)
        self.action = match[1] if match else None
        self.words = step.split() if len(step) <= _MOST_CHARACTERS else []


def _likeness(one: _Words, other: _Words) -> float:
    """Return how alike two steps are; 0 if they are not the same step, changed."""
    if not one.words or not other.words or one.action != other.action:
        return 0.0
    return Indel.normalized_similarity(one.words, other.words, score_cutoff=_ALIKE)


def changed_parts(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return what of each of two texts is not in the other, by whole words."""
    before, after = _TOKEN.findall(one), _TOKEN.findall(other)
    ours, theirs = [], []
    for block in Indel.opcodes(before, after):
        if block.tag != "equal":
            ours.append((block.src_start, block.src_end))
            theirs.append((block.dest_start, block.dest_end))
    return _characters(before, ours), _characters(after, theirs)


def _characters(tokens: Sequence[str], ranges: Sequence[Span]) -> tuple[Span, ...]:
    """Return ranges of tokens as ranges of characters; without empty ones, adjacent ones joined."""
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    spans: list[Span] = []
    for start, end in ((starts[first], starts[last]) for first, last in ranges if first < last):
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)
