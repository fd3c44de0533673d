"""Citations of a trace, checked against the document.

Contract: schemas/README.md, "Citations".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.paragraphs import split_paragraphs
from botcoin_dpo.contract.record_types import LARGEST_COUNT, JsonObject
from botcoin_dpo.contract.trace_text import EXTRACT, PROVENANCE, value_text

_SOURCE = re.compile(r"paragraph_([0-9]{1,9})")
_DIGIT_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


class Citation(Struct, frozen=True, gc=False):
    """A step, and the paragraph that it cites."""

    step: JsonObject
    located: int | None
    """The number of the paragraph that the coordinator says it cites."""
    named: int | None
    """The number of the paragraph that the step itself names as its source."""
    paragraph: int | None
    """The number that counts: the coordinator's, else the step's own."""


@dataclass(frozen=True, eq=False)
class Paragraph:
    """The text of a paragraph, in each form in which it is searched."""

    text: str
    lower: str
    """In lower case."""

    @cached_property
    def without_commas(self) -> str:
        """Without the commas that divide digits."""
        return _DIGIT_COMMA.sub("", self.text)


class Paragraphs:
    """The paragraphs of a document."""

    def __init__(self, document: str) -> None:
        """Find where they lie."""
        _, paragraphs = split_paragraphs(document)
        self.total = len(paragraphs)
        """`[paragraph_N]` lines."""
        self.texts = dict(reversed(paragraphs))
        """The first text of each number: what can be cited."""
        self._cited: dict[int, Paragraph] = {}

    def get(self, number: int) -> Paragraph | None:
        """Return the paragraph of a number, None if there is none."""
        paragraph = self._cited.get(number)
        if paragraph is None and number in self.texts:
            text = self.texts[number]
            paragraph = self._cited[number] = Paragraph(text, text.lower())
        return paragraph


paragraphs_of = lru_cache(maxsize=2)(Paragraphs)
"""Returns the paragraphs of a document, which the attempts at a challenge share."""


def citations_of(trace: Iterable[JsonObject]) -> list[Citation]:
    """Return the extract steps of a trace, in order, with what they cite."""
    return [citation_of(step) for step in trace if step.get("action") == EXTRACT]


def citation_of(step: JsonObject) -> Citation:
    """Return what a step cites."""
    source, provenance = step.get("source"), step.get(PROVENANCE)
    match = _SOURCE.fullmatch(source) if isinstance(source, str) else None
    named = int(match[1]) if match else None
    located = _index(provenance.get("paragraph_index")) if isinstance(provenance, dict) else None
    return Citation(step, located, named, named if located is None else located)


def _index(value: Any) -> int | None:
    if type(value) is int and 0 <= value <= LARGEST_COUNT:  # as most are
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_index = isinstance(value, int) and not isinstance(value, bool)
    return value if is_index and abs(value) <= LARGEST_COUNT else None


def citation_flags(citations: Iterable[Citation], document: str) -> list[bool]:
    """Return, for each extract step, whether its citation matches the document."""
    paragraphs = paragraphs_of(document)
    return [_matches(citation, paragraphs) for citation in citations]


def citation_match_rate(citations: Iterable[Citation], document: str) -> float | int:
    """Return matched citations / extract steps."""
    flags = citation_flags(citations, document)
    return numbers.ratio(sum(flags), len(flags))


def _matches(citation: Citation, paragraphs: Paragraphs) -> bool:
    step, number = citation.step, citation.paragraph
    entity, value = step.get("targetEntity"), step.get("valueExtracted")
    paragraph = None if number is None else paragraphs.get(number)
    if paragraph is None or entity is None or value is None:
        return False
    entity_text, text = value_text(entity).lower(), value_text(value)
    if not entity_text or not text or entity_text not in paragraph.lower:
        return False
    return text in paragraph.text or text in paragraph.without_commas
