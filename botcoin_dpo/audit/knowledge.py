"""What can be known of a constraint beyond its text: from the coordinator's answers and the traces.

The answer to a question comes from the coordinator where it is recorded. The value of an attribute
comes from extract steps whose citation matches. What a credited attempt extracted, and what is in
its artifact, counts for the other attempts of the challenge as well.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, product
from typing import Any, NamedTuple

from botcoin_dpo.audit.attributes import PART_OF, likeness, words_of
from botcoin_dpo.audit.meanings import meanings_of
from botcoin_dpo.audit.subject import Fact, Subject, entity_key
from botcoin_dpo.constraints.checking import (
    LARGEST_FOR_PRIME,
    acrostic_letters,
    equation_text,
    is_kept,
    prime_text,
)
from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    Equation,
    Include,
    Prime,
    Reference,
    Term,
)
from botcoin_dpo.rows.citations import paragraphs_of
from botcoin_dpo.rows.trace_text import value_text

_NUMBER = re.compile(r"(?<![0-9.])[0-9]+")
_TELLING = 5
"""Characters of a text that is not in an artifact by chance."""

_UNTOLD = (Include, Prime, Equation, Acrostic)
"""Constraints whose text does not tell what an artifact must have."""

_MOST_READINGS = 12
"""Values of an attribute that are tried."""


class Reading(NamedTuple):
    """A value that a trace gives an attribute of the entity that answers a question."""

    question: int
    entity: str
    value: Any
    is_named: bool
    """The coordinator names the entity."""
    likeness: float
    """Of the two names of the attribute; 1.0 if they mean the same."""


class Expected(NamedTuple):
    """A text that an artifact must have, and what that follows from."""

    text: str
    readings: tuple[Reading, ...]

    @property
    def is_certain(self) -> bool:
        """Whether nothing in it is a guess."""
        return all(reading.is_named and reading.likeness == 1 for reading in self.readings)

    @property
    def is_close(self) -> bool:
        """Whether the coordinator names all entities, and the attributes' names are close enough.

        For the two values of an equation any similar name will do: that it is found by chance in an
        artifact is all but impossible.
        """
        enough = PART_OF if len(self.readings) == 1 else 0.01
        return all(reading.is_named and reading.likeness >= enough for reading in self.readings)

    def rests_on(self, values: set[int | str]) -> bool:
        """Return whether one of some values, `_as_read`, led to it."""
        return any(_as_read(reading.value) in values for reading in self.readings)


def expected_texts(subject: Subject, index: int) -> list[Expected]:
    """Return the texts that a constraint may ask for, by what the attempt itself has read."""
    found: list[Expected] | None = subject.memo.get(index)
    if found is None:
        found = _expected_texts(subject, subject.requirements.constraints[index])
        subject.memo[index] = found
    return found


def _expected_texts(subject: Subject, constraint: Constraint | None) -> list[Expected]:
    if isinstance(constraint, Include):
        found = [
            Expected(value_text(reading.value), (reading,))
            for reading in _readings(subject, constraint.reference)
        ]
        return [each for each in found if each.text]
    if isinstance(constraint, Prime):
        return [
            Expected(prime_text(number), (reading,))
            for reading, number in _terms(subject, constraint.term)
            if number <= LARGEST_FOR_PRIME
        ]
    if isinstance(constraint, Equation):
        return [
            Expected(equation_text(left, right), (one, other))
            for (one, left), (other, right) in product(
                _terms(subject, constraint.left), _terms(subject, constraint.right)
            )
        ]
    if isinstance(constraint, Acrostic):
        answers = [subject.answer(question) for question in constraint.questions]
        known = [answer for answer in answers if answer is not None]
        if len(known) == len(answers):
            sources = zip(constraint.questions, known, strict=True)
            readings = tuple(
                Reading(question, name, name, subject.answers_are_ordered, 1.0)
                for question, name in sources
            )
            return [Expected(acrostic_letters(constraint, known), readings)]
    return []


def _readings(subject: Subject, reference: Reference) -> list[Reading]:
    """Return what the trace gives for a reference; of attributes that are named most alike."""
    answer = subject.answer(reference.question)
    is_named = answer is not None and subject.answers_are_ordered
    if answer is None:
        facts: Iterable[Fact] = chain.from_iterable(subject.facts.values())
    else:
        facts = subject.facts.get(entity_key(answer), ())
    found = []
    for fact in facts:
        score = likeness(reference.attribute, fact.attribute)
        if score == 1:
            found.append((score, score, fact))
        elif score > 0:
            # What another constraint asks for by a name that is more alike is not meant here; what
            # two ask for by names that are equally alike is a guess.
            highest, is_shared = subject.requirements.likeness_to_asked(fact.attribute)
            if score == highest:
                found.append((score, 0.0 if is_shared else score, fact))
    best = max((score for score, _, _ in found), default=0.0)
    return [
        Reading(reference.question, fact.entity, fact.value, is_named, surely)
        for score, surely, fact in found
        if score == best
    ][:_MOST_READINGS]


def _computed(subject: Subject, term: Term) -> Iterator[Reading]:
    """Yield what the trace takes modulo the term's number, where no step extracts it.

    Some write a figure straight into a computation, others derive it from a difference first. It
    counts, as a guess, if a paragraph has it together with the words of the attribute, or if it was
    computed from what was extracted of the entity.
    """
    question, attribute = term.reference.question, term.reference.attribute
    answer = subject.answer(question)
    for value, modulus, entities in subject.reductions:
        number = whole_number(value) if modulus == term.modulus else None
        if number is None:
            continue
        if entities is None:
            if _is_told(subject, attribute, number):
                yield Reading(question, "", number, False, 0.0)
        elif answer is not None and entity_key(answer) in entities:
            yield Reading(question, answer, number, False, 0.0)


def _is_told(subject: Subject, attribute: str, number: int) -> bool:
    """Return whether a paragraph has a number and all words of an attribute."""
    digits = str(number)
    wanted = words_of(attribute)
    return any(
        # Three digits stand together even where commas divide thousands.
        digits[-3:] in text
        and digits in _NUMBER.findall(text.replace(",", ""))
        and wanted <= words_of(text)
        for text in paragraphs_of(subject.document).texts.values()
    )


def _terms(subject: Subject, term: Term) -> Iterator[tuple[Reading, int]]:
    readings = _readings(subject, term.reference)
    for reading in readings or list(islice(_computed(subject, term), _MOST_READINGS)):
        number = whole_number(reading.value)
        if number is not None and number >= 0:  # languages differ on negative remainders
            yield reading, term.of(number)


def whole_number(value: Any) -> int | None:
    """Return the whole number that a value is or spells, None if it is none."""
    if isinstance(value, str):
        digits = value.replace(",", "").strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value)


def superseded_values(subject: Subject) -> set[int | str]:
    """Return the wrong values of an attempt's traps, for `Expected.rests_on`."""
    return {_as_read(trap.get("wrong_value")) for trap in subject.traps}


def _as_read(value: Any) -> int | str:
    """Return a value in the form in which equal values are equal, be they numbers or texts."""
    number = whole_number(value)
    return value_text(value) if number is None else number


@dataclass(slots=True)
class _Votes:
    """The credited attempts that have a text, and how sure it is that it is the one asked for."""

    count: int = 0
    are_certain: bool = False
    are_close: bool = False
    are_read: bool = False
    """Whether a reading leads to it."""
    only: int = 0
    """In how many artifacts it is all that the constraint could mean."""
    apart: int = 0
    """In how many it is the only number apart from others that it could mean."""

    def are_found(self, text: str) -> bool:
        """Return whether their text cannot be in the artifacts by chance."""
        if self.only and (self.are_read or self.only > 1):
            return True
        if self.apart and (self.are_close or self.apart > 1):
            return True
        return self.are_close and (self.count > 1 or len(text) >= _TELLING)


class Confirmed(NamedTuple):
    """The text that a constraint asks for, as credited attempts confirm it."""

    text: str
    is_certain: bool
    """Whether nothing in it is a guess.

    A similar name of an attribute is none any more once its value was found where it must be.
    """


@dataclass
class Knowledge:
    """What credited attempts of a challenge agree on, by constraint."""

    _votes: dict[int, dict[str, _Votes]] = field(default_factory=dict)
    _confirmed: dict[int, Confirmed | None] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Iterable[Subject]) -> "Knowledge":
        """Return what the credited ones among some attempts confirm; all had the same input."""
        knowledge = cls()
        for subject in subjects:
            knowledge.add(subject)
        return knowledge

    def add(self, subject: Subject) -> None:
        """Take what an attempt confirms, if it was credited."""
        if not subject.is_credited:
            return
        self._confirmed.clear()
        superseded = superseded_values(subject)
        requirements = subject.requirements
        kept_by_index: dict[int, list[Expected]] = {}
        waiting: list[tuple[int, Acrostic]] = []
        for index, constraint in enumerate(requirements.constraints):
            if not isinstance(constraint, _UNTOLD) or not subject.outcomes[index]:
                continue
            own = expected_texts(subject, index)
            if isinstance(constraint, Acrostic) and not own:
                waiting.append((index, constraint))
                continue
            # What a superseded value leads to may be there for something else.
            kept = [
                each
                for each in own
                if is_kept(constraint, subject.artifact, each.text)
                and not each.rests_on(superseded)
            ]
            kept_by_index[index] = kept
            only, apart = meanings_of(constraint, subject.artifact)
            if only is not None and not own:
                self._vote(index, only, only=1)
            for text in {expected.text for expected in kept}:
                same = [expected for expected in kept if expected.text == text]
                self._vote(
                    index,
                    text,
                    is_certain=any(expected.is_certain for expected in same),
                    is_close=any(expected.is_close for expected in same),
                    is_read=True,
                    only=int(text == only),
                    apart=int(text == apart and requirements.has_one_prime),
                )
        if waiting:
            self._spell(subject, waiting, kept_by_index.values())

    def _spell(
        self,
        subject: Subject,
        waiting: Iterable[tuple[int, Acrostic]],
        kept: Iterable[Iterable[Expected]],
    ) -> None:
        """Take the acrostics that follow from answers which were found on the way."""
        answers = dict(enumerate(subject.answers or (), start=1))
        for expected in chain.from_iterable(kept):
            for reading in expected.readings:
                if answers.get(reading.question) is None and reading.entity:
                    answers[reading.question] = reading.entity
        for index, constraint in waiting:
            names = [answers.get(question) for question in constraint.questions]
            known = [name for name in names if name is not None]
            if len(known) == len(names):
                letters = acrostic_letters(constraint, known)
                if is_kept(constraint, subject.artifact, letters):
                    self._vote(index, letters)

    def _vote(
        self,
        index: int,
        text: str,
        *,
        is_certain: bool = False,
        is_close: bool = False,
        is_read: bool = False,
        only: int = 0,
        apart: int = 0,
    ) -> None:
        votes = self._votes.setdefault(index, {}).setdefault(text, _Votes())
        votes.count += 1
        votes.are_certain |= is_certain
        votes.are_close |= is_close
        votes.are_read |= is_read
        votes.only += only
        votes.apart += apart

    def confirmed(self, index: int) -> Confirmed | None:
        """Return the text that a constraint asks for; None where no credited attempt tells.

        Nor where they do not agree.
        """
        if index not in self._confirmed:
            self._confirmed[index] = self._winner(self._votes.get(index, {}))
        return self._confirmed[index]

    def _winner(self, votes_by_text: dict[str, _Votes]) -> Confirmed | None:
        ranked = sorted(votes_by_text.items(), key=lambda item: (-item[1].count, item[0]))
        if not ranked or (len(ranked) > 1 and ranked[1][1].count == ranked[0][1].count):
            return None
        text, votes = ranked[0]
        if votes.count == votes.only == 1 and not votes.are_read:
            return None  # its own artifact is all that speaks for it
        return Confirmed(text, votes.are_certain or votes.are_found(text))
