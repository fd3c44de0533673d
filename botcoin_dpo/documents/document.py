"""A document, read: what it says of an entity, and whether it bears a value out.

Contract: schemas/README.md, "Reading documents". Everything here takes time linear in the text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from typing import Any, NamedTuple

from botcoin_dpo.contract.paragraphs import paragraph_spans
from botcoin_dpo.documents import attribute as attributes
from botcoin_dpo.documents import columns, matching, texts
from botcoin_dpo.documents.attribute import Attribute, attribute_of
from botcoin_dpo.documents.columns import Comparison
from botcoin_dpo.documents.cues import is_plainly_spelled
from botcoin_dpo.documents.figures import Figure, Numbers, numbers_of
from botcoin_dpo.documents.roster import Mention, mentions_of, names_of, runs_of
from botcoin_dpo.documents.sentences import (
    Paragraph,
    Sentence,
    comparisons_of,
    paragraphs_with_names,
    sentences_of,
)
from botcoin_dpo.documents.stated import Stated, Verdict
from botcoin_dpo.documents.vocabulary import SYNONYMS, stem

LONGEST_DOCUMENT = 300_000
"""Characters; nothing is read in a longer document."""

_NUMBER = re.compile(
    r"[$€£]?(\d[\d,\u00a0\u2009\u202f]*(?:\.\d+)?)"
    r" ?(?:[MBK]|million|billion|thousand)?(?: dollars)?(?:%|:1)?"
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_MOST_TRAPS = 50
_MOST_REMEMBERED = 1000


class Support(NamedTuple):
    """Whether a document bears a value out."""

    verdict: Verdict
    place: Stated | None = None
    """Where the value stands, if it does."""


@dataclass(frozen=True, slots=True)
class _Trap:
    """A value that a record calls wrong."""

    entity: str
    attribute: Attribute
    wrong: int | float | str


class Document:
    """A document that was read."""

    def __init__(self, document: str, names: Sequence[str], traps: Sequence[Mapping[str, Any]]):
        """Find the names of its entities, and where they are mentioned."""
        self._text, self._offsets = _composed(document[: LONGEST_DOCUMENT + 1])
        is_read = len(document) <= LONGEST_DOCUMENT
        runs = runs_of(self._text) if is_read else []
        given = [unicodedata.normalize("NFC", name) for name in names if isinstance(name, str)]
        self.entities: tuple[str, ...] = names_of(self._text, runs, given) if is_read else ()
        """The names of its entities."""
        self._mentions: list[Mention] = mentions_of(self._text, runs, self.entities)
        self._traps = [trap for trap in map(_trap, traps[:_MOST_TRAPS]) if trap is not None]

    @cached_property
    def _spans(self) -> list[tuple[int | None, int, int]]:
        """The paragraphs."""
        spans = paragraph_spans(self._text)
        if not spans:
            starts = [0, *(match.end() for match in _BLANK_LINE.finditer(self._text))]
            ends = [*(match.start() for match in _BLANK_LINE.finditer(self._text)), len(self._text)]
            spans = [(None, start, end) for start, end in zip(starts, ends, strict=True)]
        return spans

    @cached_property
    def _comparisons(self) -> list[Comparison]:
        """The sentences that compare two entities."""
        found = comparisons_of(self._text, self._spans, self._mentions)
        return [Comparison(first, second, sentence) for first, second, sentence in found]

    def column(self, attribute: str) -> dict[str, Fraction] | None:
        """Return an attribute's number for every entity, None if one is not known for sure."""
        if len(attribute) > attributes.LONGEST_NAME or not self.entities:
            return None
        asked = attribute_of(attribute)
        if not asked.words or asked.facet:
            return None
        if attribute not in self._columns:
            self._columns[attribute] = self._column(asked, attribute)
        return self._columns[attribute]

    @cached_property
    def _columns(self) -> dict[str, dict[str, Fraction] | None]:
        """The columns that were asked for."""
        return {}

    def _column(self, asked: Attribute, attribute: str) -> dict[str, Fraction] | None:
        settled = {
            entity: stated.value
            for entity in self.entities
            if (stated := self.settled(entity, attribute)) is not None
            and not isinstance(stated.value, str)
        }
        return columns.column(self.entities, settled, self._comparisons, asked)

    @cached_property
    def _paragraphs(self) -> list[Paragraph]:
        """Those that mention an entity."""
        return list(paragraphs_with_names(self._spans, self._mentions))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The paragraphs that mention each entity."""
        found: dict[str, list[int]] = {}
        for place, paragraph in enumerate(self._paragraphs):
            for entity in {mention.entity for mention in paragraph.mentions} - {None}:
                found.setdefault(str(entity), []).append(place)
        return found

    @cached_property
    def _sentences(self) -> dict[int, list[Sentence]]:
        """The sentences of paragraphs, as far as they were asked for."""
        return {}

    def _sentences_in(self, place: int) -> list[Sentence]:
        if place not in self._sentences:
            self._sentences[place] = sentences_of(self._text, self._paragraphs[place])
        return self._sentences[place]

    def _about(self, entity: str) -> list[Sentence]:
        """Return the sentences about an entity."""
        return [
            sentence
            for place in self._places.get(entity, ())
            for sentence in self._sentences_in(place)
            if sentence.entity == entity
        ]

    def _having(self, value: str) -> list[Sentence]:
        """Return the sentences about any entity whose paragraph has a text."""
        starts = [paragraph.start for paragraph in self._paragraphs]
        places = {
            bisect_right(starts, match.start()) - 1
            for match in texts.whole(value).finditer(self._text)
        }
        return [
            sentence for place in sorted(places - {-1}) for sentence in self._sentences_in(place)
        ]

    @cached_property
    def _stems(self) -> frozenset[str]:
        """The stems of the words of all paragraphs that mention an entity."""
        parts = (self._text[each.start : each.end] for each in self._paragraphs)
        return texts.text_stems(" ".join(parts))

    @cached_property
    def _lower(self) -> str:
        """The text in lower case, so that most searches need no regular expression."""
        return self._text.lower()

    def _may_have(self, word: str) -> bool:
        """Return False only if a lower-case word stands nowhere, whatever its case."""
        return word in self._lower or not is_plainly_spelled(self._text)

    def _has(self, root: str) -> bool:
        """Return whether a word with a stem stands in a paragraph that mentions an entity."""
        if "_stems" not in self.__dict__:  # all stems take long; most words stand there as asked
            if root not in SYNONYMS and root not in self._lower:
                return False
            places = re.finditer(rf"(?<![^\W_]){re.escape(root)}\w{{0,3}}", self._lower)
            for match in islice(places, 3):
                if stem(match[0]) == root and self._is_told(match.start()):
                    return True
        return root in self._stems

    def _is_told(self, place: int) -> bool:
        """Return whether a place is in a paragraph that mentions an entity."""
        if len(self._lower) != len(self._text):
            return False
        near = bisect_right(self._paragraphs, place, key=lambda paragraph: paragraph.start) - 1
        return near >= 0 and place < self._paragraphs[near].end

    @cached_property
    def _numbers(self) -> dict[str, list[Numbers]]:
        """The numbers in sentences about each entity, as far as they were asked for."""
        return {}

    def _numbers_of(self, entity: str) -> list[Numbers]:
        if entity not in self._numbers:
            self._numbers[entity] = numbers_of(self._about(entity))
        return self._numbers[entity]

    def settled(self, entity: str, attribute: str) -> Stated | None:
        """Return the only value that the document gives, None if it is silent or ambiguous."""
        entity = _name(entity)
        if len(attribute) > attributes.LONGEST_NAME or entity not in self._places:
            return None
        asked = attribute_of(attribute)
        if asked.facet:
            found = texts.settled(asked, self._about(entity), self._place)
            return found if found is not None and self._recurs(str(found.value)) else None
        readings = self._readings(entity, asked)
        if not readings:
            return self._outright(entity, asked)
        values = {_exact_value(figure) for figure in readings}
        value = next(iter(values)) if len(values) == 1 else None
        return None if value is None else self._place_of(readings[0], value)

    def _outright(self, entity: str, asked: Attribute) -> Stated | None:
        """Return the text that stands for an attribute, if the document has one for many others."""
        if asked.quarter is not None or asked.is_count or asked.units or not asked.words:
            return None
        found = texts.outright(asked, self._about(entity), self._surroundings, self._place)
        if found is None or not self._recurs(str(found.stated.value)):
            return None
        if 4 * self._lower.count(found.word) < len(self.entities):
            return None  # what is told of few entities is not what is asked of any
        if any(self._joins(one, found.word) for one in found.missing):
            return None  # the document tells one family from another
        return found.stated

    @cached_property
    def _surroundings(self) -> texts.Surroundings:
        return texts.Surroundings(self._having, self._has)

    def _recurs(self, text: str) -> bool:
        """Return whether a text stands there twice: what stands once may be misspelled."""
        first = self._text.find(text)
        return first >= 0 and self._text.find(text, first + 1) >= 0

    def _readings(self, entity: str, asked: Attribute) -> list[Figure]:
        """Return the numbers that stand for an attribute and hold."""
        wrong: set[int | float | str] = {
            trap.wrong for trap in self._traps if trap.entity == entity and trap.attribute == asked
        }
        core = frozenset(asked.words) - frozenset(asked.participles) or frozenset(asked.words)
        found: dict[str, list[Figure]] = {"full": [], "partial": []}
        if not asked.words:
            return []
        figures = (
            figure
            for numbers in self._numbers_of(entity)
            if matching.may_match(asked, numbers) and numbers.status != "compared"
            for figure in numbers.figures
        )
        for figure in figures:
            fit = matching.match(asked, figure)
            if figure.status != "plain":
                if fit != "none" or figure.topic >= core:
                    wrong |= _values(figure)  # where else it stands is not sure either
            elif fit != "none":
                found[fit].append(figure)
        for fit in ("full", "partial"):
            kept = [figure for figure in found[fit] if not _values(figure) & wrong]
            if kept and (fit == "full" or self._is_short(asked)):
                return kept
        return []

    def _is_short(self, asked: Attribute) -> bool:
        """Return whether the document nowhere has what may be left out: evaluated genes."""
        if asked not in self._short:
            if len(self._short) > _MOST_REMEMBERED:
                self._short.clear()
            pairs = product(asked.participles[:3], asked.words[:5])
            self._short[asked] = not any(self._joins(one, two) for one, two in pairs)
        return self._short[asked]

    def _joins(self, one: str, two: str) -> bool:
        """Return whether a word that starts so stands right before another."""
        if not (self._may_have(one) and self._may_have(two)):
            return False
        pattern = rf"\b{re.escape(one)}\w*[\s-]{{1,3}}{re.escape(two)}"
        return re.search(pattern, self._text, re.IGNORECASE) is not None

    @cached_property
    def _short(self) -> dict[Attribute, bool]:
        """What `_is_short` found."""
        return {}

    def supports(self, entity: str, attribute: str, value: str | int | float) -> Support:
        """Return whether the document bears out that an entity's attribute has a value."""
        entity = _name(entity)
        if len(attribute) > attributes.LONGEST_NAME or entity not in self._places:
            return Support("unknown")
        asked = attribute_of(attribute)
        number = _number(value)
        if number is None or asked.facet:
            text = unicodedata.normalize("NFC", str(value)).strip()
            about, rest = self._about(entity), self._surroundings
            verdict, place = texts.supports(asked, text, about, rest, self._place)
            return Support(verdict, place)
        return self._supports_number(entity, asked, attribute, number)

    def _supports_number(
        self, entity: str, asked: Attribute, attribute: str, number: int | float
    ) -> Support:
        standing = [
            figure
            for numbers in self._numbers_of(entity)
            for figure in numbers.figures
            if number in _values(figure)
        ]
        if not standing:
            return Support("unknown")
        readings = self._readings(entity, asked)
        settled = self.settled(entity, attribute) if readings else None
        if settled is not None and settled.value == number:
            return Support("stated", settled)
        if readings and all(number in _values(figure) for figure in readings):
            return Support("stated", self._place_of(readings[0], number))
        for trap in self._traps:
            if (trap.entity, trap.attribute, trap.wrong) == (entity, asked, number):
                return Support("superseded", self._place_of(standing[0], number, True))
        matched = [figure for figure in standing if matching.match(asked, figure) != "none"]
        told = [figure for figure in matched if figure.status == "superseded"]
        if told and all(figure.status in ("plain", "superseded") for figure in matched):
            return Support("superseded", self._place_of(told[0], number, True))
        if settled is not None and all(
            figure.status == "plain" and matching.is_beside_other(asked, figure)
            for figure in standing
        ):
            return Support("elsewhere", self._place_of(standing[0], number))
        return Support("unknown")

    def _place_of(self, figure: Figure, value: int | float, is_superseded: bool = False) -> Stated:
        return self._place(value, figure.paragraph, figure.start, figure.end, is_superseded)

    def _place(
        self,
        value: str | int | float,
        paragraph: int | None,
        start: int,
        end: int,
        is_superseded: bool = False,
    ) -> Stated:
        if self._offsets is not None:
            start, end = self._offsets[start], self._offsets[end]
        return Stated(value, paragraph, start, end, is_superseded)


def read_document(
    document: str, names: Sequence[str] = (), traps: Sequence[Mapping[str, Any]] = ()
) -> Document:
    """Read a document; names of entities and traps of the record help where they are known."""
    return Document(document, names, traps)


def _composed(document: str) -> tuple[str, list[int] | None]:
    """Return a text in the form NFC, and where each of its characters stands in the original."""
    if document.isascii() or unicodedata.is_normalized("NFC", document):
        return document, None
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    for place in range(1, len(document) + 1):
        if place < len(document) and unicodedata.combining(document[place]) and place - start < 30:
            continue
        piece = unicodedata.normalize("NFC", document[start:place])
        pieces.append(piece)
        offsets += [start] * len(piece)
        start = place
    return "".join(pieces), [*offsets, len(document)]


def _name(entity: str) -> str:
    return " ".join(unicodedata.normalize("NFC", entity[:1000]).split())


def _exact_value(figure: Figure) -> int | float | None:
    """Return the value as a record would write it, None if its magnitude leaves that open."""
    if figure.scale == 1 or (figure.scale == 10**6 and _is_money(figure)):
        return figure.value
    return None


def _is_money(figure: Figure) -> bool:
    return figure.is_money or figure.quarter is not None


def _values(figure: Figure) -> set[int | float]:
    """Return all values that a number may be meant as."""
    return {figure.value, round(figure.value * figure.scale, 6)}


def _number(value: str | int | float) -> int | float | None:
    """Return a value as a number, None if it is a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    match = _NUMBER.fullmatch(value.strip()) if len(value) < 60 else None
    if match is None:
        return None
    digits = re.sub(r"[^\d.]", "", match[1])
    return float(digits) if "." in digits else int(digits)


def _trap(trap: Mapping[str, Any]) -> _Trap | None:
    if not isinstance(trap, Mapping):
        return None
    entity, name, wrong = (trap.get(key) for key in ("target_entity", "attribute", "wrong_value"))
    if not isinstance(entity, str) or not isinstance(name, str):
        return None
    if len(name) > attributes.LONGEST_NAME:
        return None
    if isinstance(wrong, bool) or not isinstance(wrong, int | float | str):
        return None
    number = _number(wrong)
    return _Trap(_name(entity), attribute_of(name), wrong if number is None else number)
