"""The numbers of a sentence, each with the words that say what it is a number of.

A noun phrase directly after a number (`75,183 employees`) or joined to it from the left (`a ratio
of 4.1`, `satisfaction at 2.3`) labels it. Words that could belong to two numbers label neither.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from botcoin_dpo.documents.attribute import one_word
from botcoin_dpo.documents.cues import (
    ORDINAL,
    ORDINALS,
    QUARTER,
    QUARTERLY,
)
from botcoin_dpo.documents.sentences import MENTION, Sentence, Status
from botcoin_dpo.documents.vocabulary import (
    APPROXIMATE,
    BREAKS,
    CHANGING,
    CONNECTORS,
    COUNTS,
    SCALES,
    SHOWING,
    UNITS,
    stem,
)

_QUARTER_MARK = "¤"
_DIGITS = r"\d{1,3}(?:[,\u00a0\u2009\u202f'’ ]\d{3})+(?![\d])|\d+"
_TOKEN = re.compile(
    r"(?P<opaque>(?<![\w.^])[$€£±~]?\d[\d.,]*"
    r"(?:\^\S*|[-–—/]\d\S*|[^\W\d_]{2,}\S*|[sx×](?!\w)|,\d{1,2}(?!\d)\S*))"
    rf"|(?P<n>(?<![\w.^/−–-])[$€£]?(?:{_DIGITS})(?:\.\d+)?(?![\d^]|\.\d|,\d))"
    rf"|(?P<q>{_QUARTER_MARK}[1-4])"
    r"|(?P<w>[^\W\d_][^\W_]*(?:[-–/][^\W_]+)*)"
    rf"|(?P<m>{MENTION})"
    r"|(?P<p>[^\s\w])"
)
_SLASHES = re.compile(r"(?<![\w./])\d[\d,]*(?:/\d[\d,]*){3}(?![\w/])")
_EXACT = re.compile(
    r"[$€£]?[\d.,]{1,12} ?(?:million|billion|[mb]n?)?(?: dollars)?"
    r" (?=\([$€£]?[\d,.]{1,14} ?(?:m|million)? exact\))",
    re.IGNORECASE,
)
_ABOVE_SEA = re.compile(
    rf"{MENTION}\s+(?:stands|sits|lies|is)\s+(?:at\s+)?\d[\d,.\u2009\u202f]{{0,12}}\s+m(?:et(?:re|er)s)?\s+"
    r"(?P<sea>above\s+(?:the\s+|mean\s+)?sea(?:\s+level)?\b)"
)
_PARENTHESES = re.compile(r"\([^()]{0,160}\)")
_NO_FIGURE = re.compile(r"^[^\d]*$|%|percent|per cent")
_SCALE_WORDS = frozenset({"thousand", "million", "millions", "billion", "bn", "mn"})
_MOST_FIGURES = 60
_MOST_WORDS = 6
_DIGIT = re.compile(r"\d")
_PART = re.compile(r"[^\W\d_][^\W_]*")
_HYPHENS = re.compile(r"[-–/]")
_SEPARATORS = frozenset({",", "and", "/"})
_CLAUSES = frozenset({",", ";", "(", ")", "and", "while", "then", "whereas", "but", "—"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase beside a number."""

    stems: tuple[str, ...] = ()
    """Of its words that are no units, in order."""
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Figure:
    """A number of a sentence."""

    value: int | float
    """As it is written, without a magnitude."""
    start: int
    end: int
    scale: int = 1
    """The magnitude that is written behind it in a word or letter."""
    is_money: bool = False
    is_percent: bool = False
    quarter: int | None = None
    is_loose: bool = False
    """Whether a quarter is named close by, and it is unclear whether it is this number's."""
    is_change: bool = False
    """Whether it says by how much something changed: "rose by 40"."""
    left: Phrase = field(default_factory=Phrase)
    right: Phrase = field(default_factory=Phrase)
    units: frozenset[str] = frozenset()
    paragraph: int | None = None
    status: Status = "plain"
    topic: frozenset[str] = frozenset()
    """The stems of all words of the sentence."""


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class Numbers:
    """The numbers of a sentence, found when they are asked for."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence

    @property
    def status(self) -> Status:
        """Whether the sentence simply states something."""
        return self._sentence.status

    @cached_property
    def _text(self) -> str:
        return _prepared(self._sentence.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems that may be in the topic of a figure, and perhaps more."""
        return frozenset(map(stem, set(_PART.findall(self._text.lower()))))

    @cached_property
    def quarters(self) -> frozenset[int]:
        """All quarters that may be those of a figure, and perhaps more."""
        if QUARTERLY.search(self._text):
            return frozenset({1, 2, 3, 4})
        return frozenset(
            number for number in (1, 2, 3, 4) if f"{_QUARTER_MARK}{number}" in self._text
        )

    @cached_property
    def figures(self) -> list[Figure]:
        """Each number, with the words beside it."""
        return _figures(self._sentence, self._text)


def numbers_of(sentences: Iterable[Sentence]) -> list[Numbers]:
    """Return the numbers of those sentences that have any."""
    return [Numbers(sentence) for sentence in sentences if _DIGIT.search(sentence.text)]


def _figures(sentence: Sentence, text: str) -> list[Figure]:
    tokens = _tokens(text)
    places = [place for place, token in enumerate(tokens) if token.kind == "n"]
    places = [place for place in places if not _is_choice(tokens, place)]
    if not places or len(places) > _MOST_FIGURES:
        return []
    topic = frozenset(
        part for token in tokens if token.kind == "w" for part in _stems_of(token.text)
    )
    figures = {place: _figure(tokens, place, sentence, topic) for place in places}
    groups = _groups(tokens, places) if QUARTERLY.search(text) else []
    if any(token.kind == "q" for token in tokens):
        _pair_quarters(tokens, figures)
    else:
        for group in groups:
            left, right = figures[group[0]].left, figures[group[-1]].right
            for number, place in enumerate(group, start=1):
                figure = figures[place]
                figure.quarter, figure.left, figure.right = number, left, right
                figure.units = figures[group[-1]].units
    return list(figures.values())


def _is_choice(tokens: Sequence[_Token], place: int) -> bool:
    """Return whether a number is one of two, or of a part: "12 or 14", "the first 12"."""
    if place > 0 and tokens[place - 1].text.lower() in _PARTS:
        return True
    return any(
        0 <= place + 2 * step < len(tokens)
        and tokens[place + step].text in ("or", "to")
        and tokens[place + 2 * step].kind in ("n", "opaque")
        for step in (-1, 1)
    )


def _prepared(text: str) -> str:
    """Return a text of the same length without what would mislead."""
    if "(" in text:
        text = _EXACT.sub(lambda match: " " * len(match[0]), text)
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    if "above" in lower and (match := _ABOVE_SEA.search(lower)):
        lower = "altitude".ljust(len(match["sea"])).join(
            (lower[: match.start("sea")], lower[match.end("sea") :])
        )
    lower = one_word(lower)
    if "(" in lower:
        lower = _PARENTHESES.sub(_without_figures, lower)
    is_marked = "q" in lower or "year" in lower or lower is text
    marked = QUARTER.sub(_quarter_mark, lower) if is_marked else lower
    if _QUARTER_MARK in marked:
        marked = ORDINAL.sub(_ordinal_mark, marked)
    return _SLASHES.sub(_spread, marked) if "/" in marked else marked


def _spread(match: re.Match[str]) -> str:
    return match[0].replace("/", "\x1f")


def _without_figures(match: re.Match[str]) -> str:
    return " " * len(match[0]) if _NO_FIGURE.search(match[0]) else match[0]


def _quarter_mark(match: re.Match[str]) -> str:
    number = "abcd".index(match.lastgroup or "a") + 1
    return f"{_QUARTER_MARK}{number}".ljust(len(match[0]))


def _ordinal_mark(match: re.Match[str]) -> str:
    return f"{_QUARTER_MARK}{ORDINALS[match[1].lower()]}".ljust(len(match[0]))


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match.lastgroup or "p", match[0], match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]


@lru_cache(maxsize=8192)
def _stems_of(word: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in _HYPHENS.split(word.lower()) if part)


def _figure(
    tokens: Sequence[_Token], place: int, sentence: Sentence, topic: frozenset[str]
) -> Figure:
    token = tokens[place]
    digits = re.sub(r"[^\d.]", "", token.text)
    value = float(digits) if "." in digits else int(digits) if len(digits) <= 18 else float(digits)
    figure = Figure(value, sentence.start + token.start, sentence.start + token.end, topic=topic)
    figure.paragraph, figure.status = sentence.paragraph, sentence.status
    figure.is_money = token.text[0] in "$€£"
    right = place + 1
    units = set()
    while right < len(tokens) and tokens[right].kind in "wp":
        low, joined = tokens[right].text.lower(), tokens[right].start == tokens[right - 1].end
        written = sentence.text[tokens[right].start : tokens[right].end]
        if right == place + 1 and joined and written in ("M", "B", "K"):  # m is a metre
            figure.scale = SCALES[low]
        elif right == place + 1 and joined and low in ("-", "–"):
            pass  # a 102-dimensional space
        elif low in _SCALE_WORDS:
            figure.scale = SCALES[low]
        elif low in ("%", "percent"):
            figure.is_percent = True
            units.add("percent")
        elif low == "per" and right + 1 < len(tokens) and tokens[right + 1].text == "cent":
            figure.is_percent = True
            units.add("percent")
            right += 1
        elif low in UNITS:
            units.add(UNITS[low])
        elif low in ("°", "square", "cubic", "exact") or (
            len(low) == 1 and low.isalpha() and low != "a"
        ):
            pass
        elif low == ":" and joined and right + 1 < len(tokens) and tokens[right + 1].text == "1":
            right += 1
        else:
            break
        right += 1
    figure.is_money |= "dollars" in units
    figure.units = frozenset(units)
    if units and right < len(tokens) and tokens[right].text == "of":
        right += 1
    figure.right = _right_phrase(tokens, right)
    figure.left = _left_phrase(tokens, place, figure)
    figure.is_change = _is_change(tokens, place) or not CHANGING.isdisjoint(figure.left.words)
    return figure


def _is_change(tokens: Sequence[_Token], place: int) -> bool:
    place -= 1
    while place >= 0 and tokens[place].text.lower() in APPROXIMATE:
        place -= 1
    if place < 1 or tokens[place].text != "by":
        return False
    return tokens[place - 1].text != "followed"


def _right_phrase(tokens: Sequence[_Token], place: int) -> Phrase:
    words: list[str] = []
    while place < len(tokens) and len(words) < _MOST_WORDS:
        token = tokens[place]
        if token.kind in ("n", "opaque"):
            return Phrase()
        if token.kind != "w" or token.text.lower() in BREAKS:
            break
        words.append(token.text.lower())
        place += 1
    return _phrase(words)


def _left_phrase(tokens: Sequence[_Token], place: int, figure: Figure) -> Phrase:
    place -= 1
    is_year = isinstance(figure.value, int) and 1000 <= figure.value <= 2100 and not figure.units
    while place >= 0:
        low = tokens[place].text.lower()
        is_symbol = len(low) == 1 and tokens[place + 1].text == "=" and low.isalpha()
        is_in = is_year and low == "in"
        is_to = low == "to" and place > 0 and tokens[place - 1].text == "evaluates"
        if not (low in CONNECTORS or low in APPROXIMATE or is_symbol or is_in or is_to):
            break
        place -= 1
    if place > 0 and tokens[place].kind == "m" and tokens[place - 1].text.lower() in _BEFORE_NAME:
        place -= 2
    if place > 0 and tokens[place].text in UNITS and tokens[place - 1].text == "in":
        place -= 2  # a distance in parsecs
    words: list[str] = []
    while place >= 0 and len(words) < _MOST_WORDS:
        token = tokens[place]
        if token.kind in ("n", "opaque"):
            return Phrase()
        if token.kind != "w" or token.text.lower() in BREAKS:
            break
        if words and stem(token.text.lower()) in SHOWING:
            break
        words.append(token.text.lower())
        place -= 1
    return Phrase() if _is_complement(tokens, place) else _phrase(words[::-1])


def _is_complement(tokens: Sequence[_Token], place: int) -> bool:
    """Return whether a phrase that follows a token belongs to a noun before: cost per mill is 5."""
    if place < 0:
        return False
    low = tokens[place].text.lower()
    before = tokens[place - 1].text.lower() if place > 0 else ""
    if low in _DETERMINERS:
        return before in ("of", "per", "for")
    return low in _PREPOSITIONS and not (low == "of" and stem(before) in COUNTS)


_PREPOSITIONS = frozenset({"of", "per", "for", "in", "on", "by", "from", "into", "over", "under"})
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "this", "that"})
_PARTS = frozenset(
    {
        "first",
        "last",
        "next",
        "another",
        "other",
        "every",
        "each",
        "these",
        "those",
        "extra",
        "new",
        "the",
        "for",
        "x",
        "times",
    }
)
_BEFORE_NAME = frozenset({"of", "for", "at", "by", "in", "to"})


def _phrase(words: Sequence[str]) -> Phrase:
    kept = [word for word in words if word not in UNITS]
    return Phrase(tuple(part for word in kept for part in _stems_of(word)), tuple(kept))


def _groups(tokens: Sequence[_Token], places: Sequence[int]) -> list[list[int]]:
    """Return the runs of exactly four numbers that only commas, slashes and "and" divide."""
    groups: list[list[int]] = []
    for place in places:
        if groups and all(
            token.text in _SEPARATORS for token in tokens[groups[-1][-1] + 1 : place]
        ):
            groups[-1].append(place)
        else:
            groups.append([place])
    return [group for group in groups if len(group) == 4]


def _pair_quarters(tokens: Sequence[_Token], figures: dict[int, Figure]) -> None:
    """Give numbers the quarters that they stand beside, where that is clear."""
    items = [
        (place, int(token.text[1]) if token.kind == "q" else None)
        for place, token in enumerate(tokens)
        if token.kind == "q" or (place in figures and not figures[place].is_percent)
    ]
    kinds = [quarter is not None for _, quarter in items]
    if len(items) % 2 == 0 and all(one != other for one, other in pairwise(kinds)):
        for one, other in zip(items[::2], items[1::2], strict=True):
            number, mark = (one, other) if one[1] is None else (other, one)
            figures[number[0]].quarter = mark[1]
        return
    clauses: list[list[tuple[int, int | None]]] = [[]]
    ends = [p for p, token in enumerate(tokens) if token.text in _CLAUSES]
    here = 0
    for item in items:
        while here < len(ends) and ends[here] < item[0]:
            clauses.append([])
            here += 1
        clauses[-1].append(item)
    for clause in clauses:
        quarters = [quarter for _, quarter in clause if quarter is not None]
        numbers = [place for place, quarter in clause if quarter is None]
        for place in numbers:
            if len(quarters) == 1 and len(numbers) == 1:
                figures[place].quarter = quarters[0]
            else:
                figures[place].is_loose = bool(quarters)
