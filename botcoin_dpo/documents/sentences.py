"""The sentences of a document, the one entity that each is about, and whether it simply states.

A sentence is about the only entity that it names; one that names none, about the only one that its
paragraph names, if that stands before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from botcoin_dpo.documents.cues import (
    COMPARISON,
    DATED,
    DOUBT,
    DRAFT,
    FINAL,
    RETRACTED,
    SUPERSEDED,
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is about one entity."""

    entity: str
    start: int
    paragraph: int | None
    text: str
    """As it stands, but with mentions of the entity masked; of the same length."""
    status: Status


def sentences_of(
    text: str, paragraphs: Sequence[tuple[int | None, int, int]], mentions: Sequence[Mention]
) -> Iterator[Sentence]:
    """Yield the sentences that are about one entity, in order."""
    first = 0
    for number, start, end in paragraphs:
        while first < len(mentions) and mentions[first].start < start:
            first += 1
        last = first
        while last < len(mentions) and mentions[last].start < end:
            last += 1
        if last > first:
            yield from _of_paragraph(text, number, start, end, mentions[first:last])
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
                yield one, other, Sentence(one, begin, number, masked, "compared")


def _of_paragraph(
    text: str, number: int | None, start: int, end: int, mentions: Sequence[Mention]
) -> list[Sentence]:
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
        if RETRACTED.search(masked):
            found = [_doubted(sentence) for sentence in found]
        if entity is not None:
            found.append(Sentence(entity, begin, number, masked, _status(masked)))
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
    if COMPARISON.search(masked):
        return "compared"
    if SUPERSEDED.search(masked) or (DRAFT.search(masked) and not FINAL.search(masked)):
        return "superseded"
    return "doubtful" if DOUBT.search(masked) or DATED.match(masked) else "plain"


def _doubted(sentence: Sentence) -> Sentence:
    if sentence.status != "plain":
        return sentence
    return Sentence(sentence.entity, sentence.start, sentence.paragraph, sentence.text, "doubtful")
