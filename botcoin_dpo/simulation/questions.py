"""Questions about a table, each with the one entity that answers it.

Every kind asks for the entity with the highest or lowest of some score among some entities; a
question is only used if no second entity has that score.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from botcoin_dpo.simulation.domain import QUARTERS, Direction, Number, Series
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Table

QuestionKind = Literal[
    "extreme", "second", "filtered", "above_threshold", "two_hop", "ratio", "total",
    "quarter", "rise", "declined", "count_quarters",
]  # fmt: skip
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)

QUESTIONS = 10
"""Questions of a challenge."""

_CLOSE = 1e-9
"""Scores nearer than this count as equal."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what it asks in terms of the table, and its answer."""

    kind: QuestionKind
    text: str
    key: str
    """The attribute that is scored."""
    direction: Direction
    answer: int
    """The entity that answers it."""
    runner_up: int
    """The entity that a careless reader names."""
    other: str | None = None
    """A second attribute: the filter, the first hop, or the divisor."""
    value: str | int | None = None
    """The filter's value, or the threshold."""
    quarter: int | None = None

    @property
    def identifier(self) -> str:
        """Its id in `question_metadata`."""
        parts = (self.kind, self.direction, self.key, self.other, self.quarter)
        return "_".join(str(part).replace(".", "_") for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question before it is known to have one answer."""

    text: str
    key: str
    direction: Direction
    scores: dict[int, float]
    """Of the entities that are asked about."""
    other: str | None = None
    value: str | int | None = None
    quarter: int | None = None
    rank: int = 0
    """0 for the first, 1 for the second."""


def make_questions(table: Table, rng: RandomStream) -> list[Question]:
    """Return ten questions, of as many kinds as there are."""
    chosen: dict[str, Question] = {}
    for kind in _kinds(rng):
        question = _question(kind, table, rng)
        if question is not None:
            chosen.setdefault(question.identifier, question)
        if len(chosen) == QUESTIONS:
            break
    return rng.shuffled(list(chosen.values()))


def _kinds(rng: RandomStream) -> Iterator[QuestionKind]:
    while True:
        yield from rng.shuffled(QUESTION_KINDS)


def _question(kind: QuestionKind, table: Table, rng: RandomStream) -> Question | None:
    for _ in range(4):
        draft = _DRAFTS[kind](table, rng)
        if draft is None or len(draft.scores) < 2 + draft.rank:
            continue
        sign = -1 if draft.direction == "highest" else 1
        ranked = sorted((sign * score, entity) for entity, score in draft.scores.items())
        nearby = ranked[: draft.rank + 2]
        if all(b[0] - a[0] > _CLOSE for a, b in pairwise(nearby)):
            answer = ranked[draft.rank][1]
            runner_up = ranked[0 if draft.rank else 1][1]
            return Question(
                kind, draft.text, draft.key, draft.direction, answer, runner_up,
                draft.other, draft.value, draft.quarter,
            )  # fmt: skip
    return None


def _direction(rng: RandomStream) -> Direction:
    return "highest" if rng.random() < 0.5 else "lowest"


def _superlative(number: Number, direction: Direction) -> str:
    return number.most if direction == "highest" else number.least


def _scores(table: Table, number: Number) -> dict[int, float]:
    return dict(enumerate(table.numbers(number.key)))


def _extreme(table: Table, rng: RandomStream) -> _Draft:
    number, direction = rng.pick(table.domain.numbers), _direction(rng)
    wording = rng.pick(("Which {0} has {1}?", "Identify the {0} with {1}."))
    text = wording.format(table.domain.noun, _superlative(number, direction))
    return _Draft(text, number.key, direction, _scores(table, number))


def _second(table: Table, rng: RandomStream) -> _Draft:
    number, direction = rng.pick(table.domain.numbers), _direction(rng)
    superlative = _superlative(number, direction).removeprefix("the ")
    text = f"Which {table.domain.noun} has the second place for {superlative}?"
    return _Draft(text, number.key, direction, _scores(table, number), rank=1)


def _filtered(table: Table, rng: RandomStream) -> _Draft:
    filters = [text for text in table.domain.texts if text.filter]
    text, number = rng.pick(filters), rng.pick(table.domain.numbers)
    direction = _direction(rng)
    column = table.columns[text.key, None]
    value = str(rng.pick(column))
    numbers = table.numbers(number.key)
    scores = {entity: numbers[entity] for entity, each in enumerate(column) if each == value}
    condition = (text.filter or "").format(value)
    wording = f"Among {table.domain.plural} {condition}, which has {{}}?"
    superlative = _superlative(number, direction)
    return _Draft(wording.format(superlative), number.key, direction, scores, text.key, value)


def _above_threshold(table: Table, rng: RandomStream) -> _Draft | None:
    limits = [number for number in table.domain.numbers if number.above]
    limit = rng.pick(limits)
    number = rng.pick([each for each in table.domain.numbers if each is not limit])
    direction = _direction(rng)
    sizes = table.numbers(limit.key)
    threshold = int(sorted(sizes)[rng.between(3, len(sizes) // 2)]) - 1
    numbers = table.numbers(number.key)
    scores = {entity: numbers[entity] for entity, size in enumerate(sizes) if size > threshold}
    condition = (limit.above or "").format(threshold)
    superlative = _superlative(number, direction)
    text = f"Among {table.domain.plural} {condition}, which has {superlative}?"
    return _Draft(text, number.key, direction, scores, limit.key, threshold)


def _two_hop(table: Table, rng: RandomStream) -> _Draft | None:
    shared = rng.pick([text for text in table.domain.texts if text.same])
    first, number = rng.sample(table.domain.numbers, 2)
    direction = _direction(rng)
    hop = _only_extreme(table, first)
    if hop is None:
        return None
    column = table.columns[shared.key, None]
    numbers = table.numbers(number.key)
    scores = {
        entity: numbers[entity] for entity, value in enumerate(column) if value == column[hop]
    }
    text = (
        f"Among {table.domain.plural} {shared.same} the one with {first.most}, which has "
        f"{_superlative(number, direction)}?"
    )
    return _Draft(text, number.key, direction, scores, first.key, shared.key)


def _only_extreme(table: Table, number: Number) -> int | None:
    numbers = table.numbers(number.key)
    top = max(numbers)
    return numbers.index(top) if numbers.count(top) == 1 else None


def _ratio(table: Table, rng: RandomStream) -> _Draft:
    over = rng.pick([number for number in table.domain.numbers if number.term])
    series = rng.pick([each for each in table.domain.series if each.low > 0])
    direction = _direction(rng)
    numbers = table.numbers(over.key)
    scores = {
        entity: number / table.total(series.key, entity) for entity, number in enumerate(numbers)
    }
    text = (
        f"Which {table.domain.noun} has the {direction} ratio of {over.term} to total annual "
        f"{series.noun} (sum of all four quarters)?"
    )
    return _Draft(text, over.key, direction, scores, series.key)


def _total(table: Table, rng: RandomStream) -> _Draft:
    series, direction = _plain_series(table, rng), _direction(rng)
    scores = {entity: table.total(series.key, entity) for entity in range(len(table.entities))}
    text = (
        f"Identify the {table.domain.noun} whose total annual {series.noun} (sum of all four "
        f"quarters) is {direction}."
    )
    return _Draft(text, series.key, direction, scores)


def _quarter(table: Table, rng: RandomStream) -> _Draft:
    series, direction = rng.pick(table.domain.series), _direction(rng)
    quarter = rng.pick(QUARTERS)
    scores = dict(enumerate(table.numbers(series.key, quarter)))
    text = f"Which {table.domain.noun} had the {direction} Q{quarter} {series.noun}?"
    return _Draft(text, series.key, direction, scores, quarter=quarter)


def _rise(table: Table, rng: RandomStream) -> _Draft:
    series = _plain_series(table, rng)
    first, last = table.numbers(series.key, 1), table.numbers(series.key, 4)
    scores = {entity: last[entity] - first[entity] for entity in range(len(first))}
    text = f"Which {table.domain.noun} shows the largest increase in {series.noun} from Q1 to Q4?"
    return _Draft(text, series.key, "highest", scores)


def _declined(table: Table, rng: RandomStream) -> _Draft:
    series, number = _plain_series(table, rng), rng.pick(table.domain.numbers)
    direction = _direction(rng)
    first, last = table.numbers(series.key, 1), table.numbers(series.key, 4)
    numbers = table.numbers(number.key)
    scores = {entity: each for entity, each in enumerate(numbers) if first[entity] > last[entity]}
    text = (
        f"Among {table.domain.plural} whose first-quarter {series.noun} exceeded their "
        f"fourth-quarter {series.noun}, which has {_superlative(number, direction)}?"
    )
    return _Draft(text, number.key, direction, scores, series.key)


def _count_quarters(table: Table, rng: RandomStream) -> _Draft:
    series = _plain_series(table, rng)
    quarters = [table.numbers(series.key, quarter) for quarter in QUARTERS]
    # High enough that having the most such quarters is rare.
    threshold = int(series.high * (0.45 + 0.5 * rng.random()))
    scores: dict[int, float] = {
        entity: sum(column[entity] > threshold for column in quarters)
        for entity in range(len(table.entities))
    }
    text = (
        f"Which {table.domain.noun} counts the most quarters with {series.noun} above "
        f"{threshold:,}?"
    )
    return _Draft(text, series.key, "highest", scores, value=threshold)


def _plain_series(table: Table, rng: RandomStream) -> Series:
    return rng.pick([series for series in table.domain.series if series.low > 0])


_DRAFTS: dict[QuestionKind, Callable[[Table, RandomStream], _Draft | None]] = {
    "extreme": _extreme,
    "second": _second,
    "filtered": _filtered,
    "above_threshold": _above_threshold,
    "two_hop": _two_hop,
    "ratio": _ratio,
    "total": _total,
    "quarter": _quarter,
    "rise": _rise,
    "declined": _declined,
    "count_quarters": _count_quarters,
}
