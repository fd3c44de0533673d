"""The answers to questions, from what a document says of all of its entities.

Only questions whose every word is understood are answered, and only where the document gives the
number of every entity that it names, and one entity alone is ahead.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from botcoin_dpo.documents.document import Document

LONGEST_QUESTION = 500
"""Characters; a longer question is not answered."""

_Column = Mapping[str, Fraction]

_HIGH = r"highest|largest|greatest|longest|most"
_LOW = r"lowest|smallest|fewest|shortest|least"
_NOUN = r"[a-z]+(?: [a-z]+)?"
_SUM = r" \(sum of all four quarters\)"
_FORMS = tuple(
    re.compile(pattern.replace("WORD", rf"(?:(?P<high>{_HIGH})|(?P<low>{_LOW}))"))
    for pattern in (
        rf"Identify the {_NOUN} whose total annual (?P<total>.+?){_SUM} is WORD\.",
        rf"Which {_NOUN} shows the largest increase in (?P<rise>.+?) from Q1 to Q4\?",
        rf"Which {_NOUN} has the WORD ratio of (?P<over>.+?) to total annual (?P<under>.+?)"
        rf"{_SUM}\?",
        rf"Which {_NOUN} has the (?P<second>second place for |second[- ])WORD (?P<name>[^,]+?)\?",
        rf"Which {_NOUN} (?:has|had) the WORD (?P<name>[^,]+?)\?",
        rf"Identify the {_NOUN} with the WORD (?P<name>[^,]+?)\.",
        rf"Among {_NOUN} with (?:a |an )?(?P<limited>[^,]+?) of more than (?P<limit>[\d,.]+),"
        r" which has the WORD (?P<name>[^,]+?)\?",
        rf"Among {_NOUN} with more than (?P<limit>[\d,.]+) (?P<limited>[^,]+?),"
        r" which has the WORD (?P<name>[^,]+?)\?",
    )
)
_UNCLEAR = re.compile(r"\b(?:ratio|increase|total|rate of|per|change|growth|sum|average)\b")


def answers_of(questions: Sequence[str], document: Document) -> list[str | None]:
    """Return the answer to each question, None where the document does not surely give it."""
    return [_answer(question, document) for question in questions]


def _answer(question: str, document: Document) -> str | None:
    if len(question) > LONGEST_QUESTION:
        return None
    for form in _FORMS:
        if match := form.fullmatch(" ".join(question.split())):
            groups = match.groupdict()
            values = _values(groups, document)
            is_high = groups.get("low") is None
            place = 1 if groups.get("second") else 0
            return None if values is None else _ranked(values, is_high, place)
    return None


def _values(groups: Mapping[str, str | None], document: Document) -> _Column | None:
    """Return the number that a question compares entities by."""
    if name := groups.get("total"):
        return _total(name, document)
    if name := groups.get("rise"):
        first, last = document.column(f"Q1 {name}"), document.column(f"Q4 {name}")
        return _each(lambda one, other: other - one, first, last)
    if name := groups.get("over"):
        over, under = document.column(name), _total(groups.get("under") or "", document)
        if under is None or not all(under.values()):
            return None
        return _each(lambda one, other: one / other, over, under)
    name = groups.get("name") or ""
    if _UNCLEAR.search(name):
        return None
    values = document.column(name)
    if values is None or (limited := groups.get("limited")) is None:
        return values
    limits = document.column(limited)
    limit = (groups.get("limit") or "").replace(",", "").rstrip(".")
    if limits is None or not re.fullmatch(r"\d{1,15}(?:\.\d{1,9})?", limit):
        return None
    kept = {entity: value for entity, value in values.items() if limits[entity] > Fraction(limit)}
    return kept or None


def _total(name: str, document: Document) -> _Column | None:
    total: _Column | None = document.column(f"Q1 {name}")
    for quarter in (2, 3, 4):
        total = _each(lambda one, other: one + other, total, document.column(f"Q{quarter} {name}"))
    return total


def _each(
    combine: Callable[[Fraction, Fraction], Fraction], one: _Column | None, other: _Column | None
) -> _Column | None:
    if one is None or other is None:
        return None
    return {entity: combine(value, other[entity]) for entity, value in one.items()}


def _ranked(values: _Column, is_high: bool, place: int) -> str | None:
    """Return the entity in a place from the first, None if it shares it or is not there."""
    ranked = sorted(values, key=lambda entity: values[entity], reverse=is_high)
    if len(ranked) <= place:
        return None
    value = values[ranked[place]]
    return ranked[place] if sum(other == value for other in values.values()) == 1 else None
