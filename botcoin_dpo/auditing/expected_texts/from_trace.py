"""The texts that constraints ask for, by what an attempt has read itself.

The answer to a question comes from the coordinator where it is recorded. The value of an attribute
comes from extract steps whose citation matches. Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterable
from itertools import chain, islice, product
from typing import Any

from msgspec import Struct

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.attribute_names import PART_OF, likeness
from botcoin_dpo.auditing.expected_texts.numbers import as_read, whole_number
from botcoin_dpo.auditing.trace_evidence import Fact, entity_key
from botcoin_dpo.constraints.constraint import Constraint, Need, Reference, Term

_MOST_READINGS = 12
"""Values of an attribute that are tried."""

_MOST_TEXTS = _MOST_READINGS**2
"""Texts of a constraint that are tried."""


class Reading(Struct, frozen=True, gc=False):
    """A value that a trace gives an attribute of the entity that answers a question."""

    question: int
    entity: str
    value: Any
    is_named: bool
    """The coordinator names the entity."""
    likeness: float
    """Of the two names of the attribute; 1.0 if they mean the same, or where there is none."""


class Expected(Struct, frozen=True, gc=False):
    """A text that an artifact must have, and what that follows from."""

    text: str
    readings: tuple[Reading, ...]

    @property
    def is_certain(self) -> bool:
        """Whether nothing in it is a guess."""
        return all([reading.is_named and reading.likeness == 1 for reading in self.readings])

    @property
    def is_close(self) -> bool:
        """Whether the coordinator names all entities, and the attributes' names hardly differ."""
        return all([reading.is_named and reading.likeness >= PART_OF for reading in self.readings])

    def rests_on(self, values: set[int | str]) -> bool:
        """Return whether one of some values, `_as_read`, led to it."""
        return not values.isdisjoint([as_read(reading.value) for reading in self.readings])


def expected_texts(subject: AuditedAttempt, index: int) -> list[Expected]:
    """Return the texts that a constraint may ask for, by what the attempt itself has read."""
    found: list[Expected] | None = subject.evidence.expected.get(index)
    if found is None:
        found = _expected_texts(subject, subject.constraint_set.constraints[index])
        subject.evidence.expected[index] = found
    return found


def _expected_texts(subject: AuditedAttempt, constraint: Constraint | None) -> list[Expected]:
    if constraint is None:
        return []
    known = [_known(subject, need) for need in constraint.needs]
    found = []
    for choice in islice(product(*known), _MOST_TEXTS):
        text = constraint.text_of([value for _, value in choice])
        if text is not None:
            found.append(Expected(text, tuple([reading for reading, _ in choice])))
    return found


def _known(subject: AuditedAttempt, need: Need) -> list[tuple[Reading, Any]]:
    """Return what is known of something that a constraint needs, and the value it stands for."""
    if isinstance(need, Term):
        return _terms(subject, need)
    if isinstance(need, Reference):
        return [(reading, reading.value) for reading in _readings(subject, need)]
    name = subject.answer(need.question)
    if name is None:
        if subject.answers is not None:
            return []
        return [(Reading(need.question, each, each, False, 1.0), each)
                for each in _entities(subject, need.question)]  # fmt: skip
    return [(Reading(need.question, name, name, subject.answers_are_ordered, 1.0), name)]


def _entities(subject: AuditedAttempt, question: int) -> list[str]:
    """Return the entities that answer a question by what the artifact has of other constraints."""
    found: dict[str, str] = {}
    for index, constraint in enumerate(subject.constraint_set.constraints):
        if constraint is None or question not in [each.question for each in constraint.references]:
            continue
        for expected in expected_texts(subject, index):
            if constraint.holds(subject.artifact, expected.text):
                for reading in expected.readings:
                    if reading.question == question:
                        found.setdefault(entity_key(reading.entity), reading.entity)
    return list(found.values())[:_MOST_READINGS]


def _readings(subject: AuditedAttempt, reference: Reference) -> list[Reading]:
    """Return what the trace gives for a reference; of attributes that are named most alike."""
    question, attribute = reference.question, reference.attribute
    answer = subject.answer(question)
    is_named = answer is not None and subject.answers_are_ordered
    if answer is None:
        facts: Iterable[Fact] = chain.from_iterable(subject.evidence.facts.values())
    else:
        facts = subject.evidence.facts.get(entity_key(answer), ())
    best = 0.0
    found: list[Reading] = []
    for fact in facts:
        score = surely = likeness(attribute, fact.attribute)
        if 0 < score < 1:
            # What another constraint asks for by a name that is more alike is not meant here; what
            # two ask for by names that are equally alike is a guess.
            highest, is_shared = subject.constraint_set.likeness_to_asked(fact.attribute)
            score = score if score == highest else 0.0
            surely = 0.0 if is_shared else score
        if score > best:
            best, found = score, []
        if score == best > 0:
            found.append(Reading(question, fact.entity, fact.value, is_named, surely))
    return found[:_MOST_READINGS]


def _terms(subject: AuditedAttempt, term: Term) -> list[tuple[Reading, int]]:
    terms = []
    for reading in _readings(subject, term.reference):
        number = whole_number(reading.value)
        if number is not None and number >= 0:  # languages differ on negative remainders
            terms.append((reading, term.of(number)))
    return terms


def superseded_values(subject: AuditedAttempt) -> set[int | str]:
    """Return the wrong values of an attempt's traps, for `Expected.rests_on`."""
    return {as_read(trap.get("wrong_value")) for trap in subject.traps}
