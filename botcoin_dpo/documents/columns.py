"""The values of an attribute for all entities of a document, told outright or as differences.

"A has 300 more employees than B" gives A's value once B's is known. A sentence is used only if all
its words of comparison point the same way and it has one number of the attribute.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from botcoin_dpo.documents import matching
from botcoin_dpo.documents.attribute import Attribute
from botcoin_dpo.documents.figures import Figure, figures_of
from botcoin_dpo.documents.sentences import Sentence

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
    def difference(self) -> tuple[Figure, Fraction] | None:
        """Its only number, and by how much that puts the first above the second."""
        return _difference(self.sentence)


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
        if comparison.difference is None:
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


def _difference(sentence: Sentence) -> tuple[Figure, Fraction] | None:
    """Return the only number of a comparison, and how far it puts the first above the second."""
    text = sentence.text
    if _UNCLEAR.search(text):
        return None
    signs = {match.lastgroup for match in _CUE.finditer(text)}
    if len(signs) != 1:
        return None
    figures = [
        figure
        for figure in figures_of(replace(sentence, is_compared=False))
        if not figure.is_percent
    ]
    if len(figures) != 1:
        return None
    figure = figures[0]
    sign = 1 if signs == {"up"} else -1
    first, second = (match.start() for match in re.finditer("§", text))
    opens = _REVERSED.search(text, 0, first + 1)
    if opens:  # with 300 more people than A, B is the larger
        sign = -sign if _CUE.search(text, 0, first) else 0
    elif not _CUE.search(text, first, second):
        sign = 0
    return (figure, Fraction(str(figure.value)) * sign) if sign else None
