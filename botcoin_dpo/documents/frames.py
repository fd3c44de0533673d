"""Phrases that say outright which text an attribute has: `belongs to the X family`.

Only whole phrases count, with what stands before and after them; any other word beside the
attribute's own makes a sentence unclear.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from botcoin_dpo.documents.attribute import Attribute
from botcoin_dpo.documents.vocabulary import BREAKS, WORD, stem, stems_of, words_of

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,40}"
_NAME = rf"{_CAPITAL}(?: (?:[A-ZÀ-ÖØ-Þ0-9][\w’'-]{{0,40}})){{0,3}}"
_LOWER = r"[a-z]{3,24}(?:-[a-z]{2,24}){0,2}"
_IT = r"(?:§|[Tt]he [a-z]{2,20}|[Ii]t)"
_REACH = 100
"""Characters before and after the attribute's words that are looked at."""

_BEFORE = tuple(
    re.compile(pattern.replace("EITHER", f"(?P<value>{_NAME}|{_LOWER})") + " $")
    for pattern in (
        r"(?:\bbelong(?:s|ing)? to|\bwithin|[Cc]lassified under|\bmade by|\bmade through"
        r"|\bprepared by|\bobtained (?:by|through)|\bfound it by|§ ?, of) the EITHER",
        r"(?:\bfollows|\busing|\bunder|[Dd]eveloped(?: it)? at|\bcolleagues at)"
        rf" the (?P<value>{_NAME})",
        rf"\b(?:tested|benchmarked) (?:against|under) (?P<value>{_NAME})",
        r"\btargeting EITHER",
        rf"§ \((?:[^()]{{0,80}}, )?(?P<value>{_NAME})",
        r"^Found in \d{4} \((?:[^()]{0,80}, )?EITHER",
    )
)
_HEADING = re.compile(rf"^The (?P<value>{_NAME}) $")
_REPORTS = re.compile(r" (?:\([^()]{0,60}\) )?(?:published|reports|reported|announced) §")
_SUBJECT = re.compile(rf"^(?P<value>{_NAME}) is the $")
_OF_SUBJECT = re.compile(rf" (?:of|at) {_IT}(?: ?[.,;]|$)")
_AS = re.compile(rf"\b(?:grows|uses|has|lists) (?P<value>{_NAME}) as (?:its |the )?$")
_JOINED = re.compile(rf"§ ?(?:,|:|—|is) an? (?P<value>{_NAME})-$")
_DETERMINED = re.compile(r"(?:(?:^|[ ,])(?:[Tt]he|[Ii]ts)|§)(?: home| main)? $")
_IS = re.compile(rf"(?: (?:of|at|for) {_IT})?(?: is|:) (?P<value>{_NAME})(?P<rest>.*)", re.DOTALL)
_LIES = re.compile(
    rf"(?:{_IT} (?:is|lies|sits|stands|is located|is found) in|^{_IT} ?, in|{_IT} belongs to) the $"
)
_OF = re.compile(rf" of (?P<value>{_NAME})(?P<rest>.*)", re.DOTALL)
_FOR_ITS = re.compile(r"\bfor its $")
_APPOSED = re.compile(rf", (?P<value>{_NAME})(?P<rest>\.?)$")
_CLOSED = re.compile(rf" ?(?:$|[.;)]|,(?! (?:and |or )?(?:{_CAPITAL}|\d)))")
"""What follows a value that is no longer, and no list."""
_NEXT = re.compile(r" ?(?:$|[.,;:)(—]|(?P<word>[^\W\d_]+))")
_VAGUE = words_of(
    """same usual other new own whole first second third entire best main standard normal common
    ordinary general classic classical local upper lower old young long short direct indirect only
    very certain different similar particular final large small big great good proper royal next
    last early late best-known well-known so-called simple single double special typical original
    related unrelated another any each every both all some such that this these those its their
    his her our your royal national public private central famous familiar ancient novel quantum
    broad broader wide wider extended immediate human unknown various several many few two three
    four five obvious natural proposed scenic"""
)
_VAGUE_ENDS = ("ed", "ing", "ly", "est", "ern", "ish", "able", "ible", "ous")
_FITTED = re.compile(r"-(?:based|type|like|style|derived|class|free|specific|wide)$", re.IGNORECASE)
"""Ends of texts that an attribute may well have without them: AE-based."""
_OPENERS = words_of(
    "The A An In At On From Its It This That Their For With By Of And But Today Now"
)


class Frames(NamedTuple):
    """What a sentence says of an attribute that is a text."""

    values: frozenset[str]
    """That it states outright."""
    words: frozenset[str]
    """Those that tell the attribute, as they stand there."""
    missing: frozenset[str]
    """Stems of its other words, where they do not stand there."""
    is_clear: bool
    """Whether each place of these words states a value."""


def frames_of(asked: Attribute, heads: frozenset[str], text: str) -> Frames:
    """Return what a masked sentence says of an attribute; heads are the stems that tell it."""
    plain = " ".join(text.split())
    values: set[str] = set()
    words: set[str] = set()
    missing: set[str] = set()
    is_clear = True
    for start, end, run in _places(asked, heads, plain):
        stems = list(map(stem, run))
        words |= {word for word, root in zip(run, stems, strict=True) if root in heads}
        missing |= {*asked.words} - {*stems}
        value = _value(plain, start, end)
        if value is None or not _is_whole(value) or not _is_meant(asked, stems, plain):
            is_clear = False
        elif value.islower() and _CLASSING.isdisjoint(stems):
            is_clear = False  # a mobile laboratory has no name
        else:
            values.add(value)
    return Frames(frozenset(values), frozenset(words), frozenset(missing), is_clear)


def _is_meant(asked: Attribute, there: list[str], text: str) -> bool:
    """Return whether a word such as "method" stands for the one that is asked for.

    What it is a method of must stand in the sentence, or its verb must imply it.
    """
    lacking = {*asked.words} - {*there}
    if not lacking or _OPEN.isdisjoint(there):
        return True
    stems = {stem(word.lower()) for word in WORD.findall(text)}
    implied = {each for word in stems for each in _IMPLIED.get(word, ())}
    return lacking <= stems | implied


_OPEN = stems_of(
    "method route model class type kind category mode process system scheme form style program"
)
"""Words for things that an entity may have several of."""
_CLASSING = _OPEN | stems_of("family genus order group tissue")
"""Those whose values need no capital letter."""
_MAKING = stems_of("synthesis production preparation manufacture construction fabrication")
_FINDING = stems_of("detection discovery")
_IMPLIED = {
    stem(word): nouns
    for words, nouns in (("made prepared obtained built", _MAKING), ("found detected", _FINDING))
    for word in words.split()
}


def _places(
    asked: Attribute, heads: frozenset[str], text: str
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield where the words of an attribute stand together, one of its heads among them."""
    own = {*asked.words, *asked.kinds, *heads}
    run: list[tuple[int, int, str]] = []
    for match in WORD.finditer(text):
        start, word = match.start(), match[0]
        if "-" in word:
            cut = word.rindex("-") + 1
            if stem(word[cut:].lower()) in heads:
                start, word = start + cut, word[cut:]
        if run and (stem(word.lower()) not in own or text[run[-1][1] : start] != " "):
            yield from _headed(run, heads)
            run = []
        if stem(word.lower()) in own:
            run.append((start, match.end(), word))
    yield from _headed(run, heads)


def _headed(
    run: list[tuple[int, int, str]], heads: frozenset[str]
) -> Iterator[tuple[int, int, list[str]]]:
    words = [word.lower() for _, _, word in run]
    if not heads.isdisjoint(map(stem, words)):
        yield run[0][0], run[-1][1], words


def _value(text: str, start: int, end: int) -> str | None:
    """Return the text that a phrase around the words of an attribute states."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if start > _REACH:
        before = "…" + before  # so that nothing takes its start for that of the sentence
    if match := _JOINED.search(before):
        return match["value"]
    for first, then in (
        (_HEADING, _REPORTS),
        (_SUBJECT, _OF_SUBJECT),
    ):
        if (match := first.search(before)) and then.match(after):
            return match["value"]
    for pattern in (*_BEFORE, _AS):
        if match := pattern.search(before):
            return match["value"] if _ends(after) else None
    for first, then in ((_DETERMINED, _IS), (_LIES, _OF), (_FOR_ITS, _APPOSED)):
        if first.search(before) and (match := then.match(after)) and _CLOSED.match(match["rest"]):
            return match["value"]
    return None


def _ends(after: str) -> bool:
    """Return whether a noun ends before a text, and no other noun follows: the family tree."""
    match = _NEXT.match(after)
    if match is None:
        return False
    word = match["word"]
    return word is None or word in BREAKS or word.endswith(("ed", "ing"))


def _is_whole(value: str) -> bool:
    """Return whether a text may be a value, and nothing in it may be left out."""
    first = value.split()[0]
    if _FITTED.search(value) or first in _OPENERS or value.endswith("-"):
        return False
    if not value.islower() or "-" in value:
        return value not in _VAGUE
    return value not in _VAGUE and not value.endswith(_VAGUE_ENDS)
