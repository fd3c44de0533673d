"""The sentences of a document, the one entity that each is about, and whether it simply states.

A sentence is about the only entity that it names; one that names none, about the only one that its
paragraph names, if that stands before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from botcoin_dpo.documents.cues import (
    COMPARISON,
    DATED,
    DOUBT,
    DRAFT,
    FINAL,
    HARMLESS,
    RETRACTED,
    SUPERSEDED,
    may_doubt,
)
from botcoin_dpo.documents.roster import Mention

Status = Literal["plain", "superseded", "doubtful", "compared"]

MENTION = "§"
"""Stands in the masked text of a sentence where it mentions its entity."""
LONGEST = 2000
"""Characters of a sentence; a longer one is not read."""

_END = re.compile(r"[.!?][\"”’)\]]{0,3}\s+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:vs|approx|[Nn]o|[Dd]r|[Mm]rs?|Ms|Prof|St|ca|e\.g|i\.e)|\b[A-Z])\.\s+$"
)
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")


@dataclass(eq=False)
class Sentence:
    """A sentence that is about one entity."""

    entity: str
    start: int
    paragraph: int | None
    text: str
    """As it stands, but with mentions of the entity masked; of the same length."""
    is_compared: bool = False
    is_retracted: bool = False
    """Whether a later sentence of its paragraph takes it back."""

    @cached_property
    def status(self) -> Status:
        """Whether it simply states something; most sentences are never asked."""
        if self.is_compared:
            return "compared"
        status = _status(self.text)
        return "doubtful" if self.is_retracted and status == "plain" else status


class Paragraph(NamedTuple):
    """A paragraph, and the names that it mentions."""

    number: int | None
    start: int
    end: int
    mentions: Sequence[Mention]


def paragraphs_with_names(
    spans: Sequence[tuple[int | None, int, int]], mentions: Sequence[Mention]
) -> Iterator[Paragraph]:
    """Yield the paragraphs that mention a name, in order."""
    first = 0
    for number, start, end in spans:
        while first < len(mentions) and mentions[first].start < start:
            first += 1
        last = first
        while last < len(mentions) and mentions[last].start < end:
            last += 1
        if last > first:
            yield Paragraph(number, start, end, mentions[first:last])
        first = last


def comparisons_of(
    text: str, paragraphs: Sequence[tuple[int | None, int, int]], mentions: Sequence[Mention]
) -> Iterator[tuple[str, str, Sentence]]:
    """Yield the sentences that name two entities, once each and nobody else, with the two."""
    here = 0
    for number, start, end in paragraphs:
        for begin, stop in _spans(text, start, end):
            while here < len(mentions) and mentions[here].start < begin:
                here += 1
            inside = []
            while here < len(mentions) and mentions[here].start < stop:
                inside.append(mentions[here])
                here += 1
            names = [mention.entity for mention in inside]
            if len(names) != 2 or stop - begin > LONGEST or names[0] == names[1]:
                continue
            one, other = names
            if one is not None and other is not None:
                masked = _mask(text, begin, stop, inside)
                yield one, other, Sentence(one, begin, number, masked, is_compared=True)


def sentences_of(text: str, paragraph: Paragraph) -> list[Sentence]:
    """Return the sentences of a paragraph that are about one entity, in order."""
    number, start, end, mentions = paragraph
    only = mentions[0].entity if len({mention.entity for mention in mentions}) == 1 else None
    found: list[Sentence] = []
    here = 0
    for begin, stop in _spans(text, start, end):
        inside = []
        while here < len(mentions) and mentions[here].start < stop:
            inside.append(mentions[here])
            here += 1
        names = {mention.entity for mention in inside}
        entity = only if not names and here else next(iter(names)) if len(names) == 1 else None
        if stop - begin > LONGEST or not (inside or entity):
            continue
        masked = _mask(text, begin, stop, inside)
        if found and may_doubt(masked) and RETRACTED.search(masked):
            for sentence in found:
                sentence.is_retracted = True
        if entity is not None:
            found.append(Sentence(entity, begin, number, masked))
    return found


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if _ABBREVIATION.search(text[max(begin, match.start() - 8) : match.end()]):
            continue
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def _mask(text: str, begin: int, stop: int, mentions: Sequence[Mention]) -> str:
    pieces = []
    at = begin
    for mention in mentions:
        end = min(mention.end, stop)
        if match := _POSSESSIVE.match(text, end, stop):
            end = match.end()
        pieces += [text[at : mention.start], MENTION.ljust(end - mention.start)]
        at = end
    pieces.append(text[at:stop])
    return "".join(pieces)


def _status(masked: str) -> Status:
    if not may_doubt(masked):
        return "doubtful" if DATED.match(masked) else "plain"
    if COMPARISON.search(masked):
        return "compared"
    if SUPERSEDED.search(masked) or (DRAFT.search(masked) and not FINAL.search(masked)):
        return "superseded"
    if DATED.match(masked):
        return "doubtful"
    if DOUBT.search(masked) is None:
        return "plain"
    rest = masked if RETRACTED.search(masked) else HARMLESS.sub("", masked)
    return "doubtful" if DOUBT.search(rest) else "plain"
