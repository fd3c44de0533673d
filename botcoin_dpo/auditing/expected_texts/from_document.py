"""The text that a constraint asks for, by the document, the coordinator's answers and the traps.

Nothing here looks at the trace. The entity is the coordinator's answer to the question, else the
one that the document's own figures lead to; its value is what the document states, else the correct
value of a trap. Contract: schemas/README.md, "Verdicts on outcomes".
"""

from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.expected_texts.numbers import same_value, whole_number
from botcoin_dpo.auditing.expected_texts.trapped import trap_on, value_of_trap
from botcoin_dpo.auditing.verdict import Place
from botcoin_dpo.constraints.constraint import Answer, Constraint, Need, Reference, Term
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS, Ground
from botcoin_dpo.documents.answers import answers_of
from botcoin_dpo.documents.document import Document, Support, read_document
from botcoin_dpo.documents.stated import Stated

_MOST_VALUES = 1000
"""Values of a document that are remembered."""


class Known(NamedTuple):
    """A text that a constraint asks for, and what it stands on."""

    text: str
    ground: Ground
    place: Place | None = None


class _Value(NamedTuple):
    """What a constraint needs, and what it stands on."""

    value: Any
    ground: Ground
    place: Place | None = None


class DocumentReading:
    """What a document says, as far as constraints ask; the attempts at a challenge share it."""

    def __init__(self, text: str, questions: tuple[str, ...]) -> None:
        """Remember the document; it is read when the first value is asked for."""
        self._text = text
        self._questions = questions
        self._answers: dict[int, str | None] = {}
        self._values: dict[tuple[str, str], Stated | None] = {}
        self._supports: dict[tuple[str, str, str | int | float], Support] = {}

    @cached_property
    def _document(self) -> Document:
        return read_document(self._text)

    def answer(self, question: int) -> str | None:
        """Return the entity that answers a question (from 1) by the document's figures."""
        if not 1 <= question <= len(self._questions):
            return None
        if question not in self._answers:
            asked = [self._questions[question - 1]]
            self._answers[question] = answers_of(asked, self._document)[0]
        return self._answers[question]

    def value(self, entity: str, attribute: str) -> Stated | None:
        """Return the value that the document states, None if it is silent or ambiguous."""
        asked = entity, attribute
        if asked not in self._values:
            if len(self._values) >= _MOST_VALUES:
                self._values.clear()
            self._values[asked] = self._document.settled(entity, attribute)
        return self._values[asked]

    def support(self, entity: str, attribute: str, value: str | int | float) -> str:
        """Return whether the document bears a value out: `stated`, `elsewhere` and so on."""
        return self._support(entity, attribute, value).verdict

    def states(self, entity: str, attribute: str, value: str | int | float) -> Stated | None:
        """Return where the document bears a value out, None if it does not."""
        support = self._support(entity, attribute, value)
        return support.place if support.verdict == "stated" else None

    def _support(self, entity: str, attribute: str, value: str | int | float) -> Support:
        asked = entity, attribute, value
        if asked not in self._supports:
            if len(self._supports) >= _MOST_VALUES:
                self._supports.clear()
            self._supports[asked] = self._document.supports(entity, attribute, value)
        return self._supports[asked]


@lru_cache(maxsize=2)  # the attempts at a challenge come together
def reading_of(document: str, questions: tuple[str, ...]) -> DocumentReading:
    """Return what a document says."""
    return DocumentReading(document, questions)


def known_text(subject: AuditedAttempt, constraint: Constraint) -> Known | None:
    """Return the text that a constraint asks for, None if it does not follow without the trace."""
    values = []
    for need in constraint.needs:
        value = _value(subject, constraint, need)
        if value is None:
            return None
        values.append(value)
    text = constraint.text_of([each.value for each in values])
    if text is None:
        return None
    weakest = max(values, key=lambda each: GROUNDS.index(each.ground))
    return Known(text, weakest.ground, weakest.place)


def _value(subject: AuditedAttempt, constraint: Constraint, need: Need) -> _Value | None:
    """Return what a constraint needs: an entity's name, a value, or what a term comes to."""
    if isinstance(need, Answer):
        return _answer(subject, need.question)
    reference = need.reference if isinstance(need, Term) else need
    answer = _answer(subject, reference.question)
    if answer is None:
        return None
    trap = trap_on(subject, constraint, need, answer.value)
    reading = reading_of(subject.document, subject.questions)
    stated = reading.value(answer.value, reference.attribute)
    if stated is not None and not _is_superseded(stated, trap):
        place = Place(stated.paragraph, stated.start, stated.end)
        if isinstance(need, Reference):
            return _Value(stated.value, "document", place)
        number = whole_number(stated.value)
        if number is not None and number >= 0:  # languages differ on negative remainders
            return _Value(need.of(number), "document", place)
    correct = None if trap is None else value_of_trap(trap, need, "correct_value")
    return None if correct is None else _Value(correct, "traps")


def _answer(subject: AuditedAttempt, question: int) -> _Value | None:
    """Return the entity that answers a question."""
    if subject.answers is not None:
        answer = subject.answer(question) if subject.answers_are_ordered else None
        return None if answer is None else _Value(answer, "answers")
    answer = reading_of(subject.document, subject.questions).answer(question)
    return None if answer is None else _Value(answer, "document")


def _is_superseded(stated: Stated, trap: JsonObject | None) -> bool:
    return trap is not None and same_value(stated.value, trap.get("wrong_value"))
