"""Citations of a trace, checked against the document.

Contract: schemas/README.md, "Citations".
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from botcoin_dpo import numbers
from botcoin_dpo.logs.fields import LARGEST_COUNT, JsonObject
from botcoin_dpo.rows.trace_text import EXTRACT, PROVENANCE, action_of, value_text

# That it starts a line is checked apart: a pattern that starts with text is found much faster.
_PARAGRAPH = re.compile(r"\[paragraph_([0-9]{1,9})\][ \t\r]*$", re.MULTILINE)
_SOURCE = re.compile(r"paragraph_([0-9]{1,9})")
_DIGIT_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


def extract_steps(trace: Iterable[JsonObject]) -> list[JsonObject]:
    """Return the steps that extract a fact, in order."""
    return [step for step in trace if action_of(step) == EXTRACT]


@lru_cache(maxsize=4)  # the attempts of a challenge share their document
def count_paragraphs(document: str) -> int:
    """Return the number of `[paragraph_N]` lines."""
    return sum(1 for _ in _paragraph_marks(document))


def _paragraph_marks(document: str) -> Iterator[re.Match[str]]:
    """Yield the lines that introduce paragraphs."""
    for mark in _PARAGRAPH.finditer(document):
        if mark.start() == 0 or document[mark.start() - 1] == "\n":
            yield mark


def cited_paragraph(step: JsonObject) -> int | None:
    """Return the number of the paragraph that an extract step cites, None if it cites none."""
    number = located_paragraph(step)
    return named_paragraph(step) if number is None else number


def located_paragraph(step: JsonObject) -> int | None:
    """Return the number of the paragraph that the coordinator says a step cites."""
    provenance = step.get(PROVENANCE)
    if isinstance(provenance, dict):
        index = provenance.get("paragraph_index")
        if isinstance(index, float) and index.is_integer():
            index = int(index)
        if isinstance(index, int) and not isinstance(index, bool) and abs(index) <= LARGEST_COUNT:
            return index
    return None


def named_paragraph(step: JsonObject) -> int | None:
    """Return the number of the paragraph that a step itself names as its source."""
    source = step.get("source")
    match = _SOURCE.fullmatch(source) if isinstance(source, str) else None
    return int(match.group(1)) if match else None


def citation_flags(extracts: Iterable[JsonObject], document: str) -> list[bool]:
    """Return, for each of the extract steps, whether its citation matches the document."""
    paragraphs = _paragraphs(document)
    return [_matches(step, document, paragraphs) for step in extracts]


def citation_match_rate(extracts: Iterable[JsonObject], document: str) -> float | int:
    """Return matched citations / extract steps."""
    flags = citation_flags(extracts, document)
    return numbers.ratio(sum(flags), len(flags))


def paragraph_texts(document: str) -> dict[int, str]:
    """Return the texts of the paragraphs that can be cited, by number."""
    return {number: document[within] for number, within in _paragraphs(document).items()}


def _matches(step: JsonObject, document: str, paragraphs: dict[int, slice]) -> bool:
    number = cited_paragraph(step)
    within = None if number is None else paragraphs.get(number)
    entity, value = step.get("targetEntity"), step.get("valueExtracted")
    if within is None or entity is None or value is None:
        return False
    paragraph = document[within]
    entity_text, text = value_text(entity).lower(), value_text(value)
    if not entity_text or not text or entity_text not in paragraph.lower():
        return False
    return text in paragraph or text in _DIGIT_COMMA.sub("", paragraph)


@lru_cache(maxsize=4)
def _paragraphs(document: str) -> dict[int, slice]:
    """Return where each paragraph's text lies, the first of a number."""
    paragraphs: dict[int, slice] = {}
    marks = list(_paragraph_marks(document))
    for position, mark in enumerate(marks):
        number = int(mark.group(1))
        if number not in paragraphs:
            end = marks[position + 1].start() if position + 1 < len(marks) else len(document)
            paragraphs[number] = slice(mark.end(), end)
    return paragraphs
