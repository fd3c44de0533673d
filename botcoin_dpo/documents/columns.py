"""The values of an attribute for all entities of a document, told outright or as differences.

"A has 300 more employees than B" gives A's value once B's is known. A sentence is used only if all
its words of comparison point the same way and it has one number of the attribute.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from botcoin_dpo.documents import matching
from botcoin_dpo.documents.attribute import Attribute
from botcoin_dpo.documents.figures import Figure, Numbers, numbers_of
from botcoin_dpo.documents.sentences import MENTION, Sentence

_UP = (
    r"more|higher|larger|longer|greater|stronger|bigger|above(?!\s+(?:the\s+|mean\s+)?sea\b)"
    r"|ahead of|beyond|exceed(?:s|ed)?"
    r"|surpass(?:es|ed)|beats?|north of|outearned|outscores|outpaced"
)
_DOWN = (
    r"less|fewer|lower|smaller|shorter|weaker|leaner|below|behind|under|short of"
    r"|trails?|trailed|trailing|lags?|lagged|underperformed|shortfall"
)
_UNCLEAR = re.compile(
    r"\b(?:gap|difference|differential|favou?rs?|favoring|edge|within|match\w*|close|comparable|between"
    r"|apart|separated|differing|sooner|earlier|later|before|older|younger|lighter|twice|half|not|no"
    r"|if|would|might|could|gossip|once|rumou?r\w*|percent|percentage|growth|grew|expansion)\b|%",
    re.IGNORECASE,
)
_CUE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_REVERSED = re.compile(r"\b(?:than|of|behind|below|above|ahead of)\s+§")


@dataclass(eq=False)
class Comparison:
    """A sentence that compares two entities."""

    first: str
    second: str
    sentence: Sentence
    """Both names are masked in it."""

    @cached_property
    def _sign(self) -> int:
        return _sign(self.sentence.text)

    @cached_property
    def _numbers(self) -> list[Numbers]:
        """Its numbers, one object, if it is clear which way they point."""
        return numbers_of([self.sentence]) if self._sign else []

    @cached_property
    def difference(self) -> tuple[Figure, Fraction] | None:
        """Its only number, and by how much that puts the first above the second."""
        figures = [
            figure
            for numbers in self._numbers
            for figure in numbers.figures
            if not figure.is_percent
        ]
        if len(figures) != 1:
            return None
        return figures[0], Fraction(str(figures[0].value)) * self._sign

    def may_be_about(self, asked: Attribute) -> bool:
        """Return False only if it tells no difference in an attribute."""
        return any(matching.may_be_about(asked, numbers) for numbers in self._numbers)


def column(
    entities: Sequence[str],
    settled: Mapping[str, int | float],
    comparisons: Iterable[Comparison],
    asked: Attribute,
) -> dict[str, Fraction] | None:
    """Return the value of an attribute for each entity, None if one is not known for sure."""
    known = {entity: Fraction(str(value)) for entity, value in settled.items()}
    edges: dict[str, list[tuple[str, Fraction]]] = {}
    for comparison in comparisons:
        if not comparison.may_be_about(asked) or comparison.difference is None:
            continue
        figure, difference = comparison.difference
        if figure.quarter == asked.quarter and matching.is_about(asked, figure):
            edges.setdefault(comparison.second, []).append((comparison.first, difference))
            edges.setdefault(comparison.first, []).append((comparison.second, -difference))
    waiting = list(known)
    while waiting:
        entity = waiting.pop()
        for other, difference in edges.get(entity, ()):
            value = known[entity] + difference
            if other not in known:
                known[other] = value
                waiting.append(other)
            elif known[other] != value:
                return None
    return known if known.keys() >= set(entities) else None


def _sign(text: str) -> int:
    """Return 1 where the first entity is put above the second, -1 below, 0 where it is unclear."""
    if _UNCLEAR.search(text):
        return 0
    signs = {match.lastgroup for match in _CUE.finditer(text)}
    if len(signs) != 1:
        return 0
    sign = 1 if signs == {"up"} else -1
    places = [match.start() for match in re.finditer(MENTION, text)]
    if len(places) != 2:  # the text has such a sign of its own
        return 0
    first, second = places
    if _REVERSED.search(text, 0, first + 1):  # with 300 more people than A, B is the larger
        return -sign if _CUE.search(text, 0, first) else 0
    return sign if _CUE.search(text, first, second) else 0
