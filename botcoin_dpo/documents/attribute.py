"""What the name of an attribute asks for: `revenue.0`, "CEO's last name", `runtime_seconds`."""

import re
from dataclasses import dataclass
from functools import lru_cache, partial

from botcoin_dpo.documents.cues import (
    QUARTER,
    is_plainly_spelled,
)
from botcoin_dpo.documents.vocabulary import (
    COUNTS,
    EMPTY,
    GENERIC,
    KINDS,
    PHRASES,
    UNITS,
    WORD,
    stem,
)

LONGEST_NAME = 200
"""Characters; what is longer is no name of an attribute."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_INDEX = re.compile(r"[.\[_ ]([0-3])\]?$")
_LAST_NAME = re.compile(r"last[ _.]?name|surname|family name", re.IGNORECASE)
_FIRST_NAME = re.compile(r"first[ _.]?name|given name", re.IGNORECASE)
_PARTICIPLES = frozenset({"sold", "built", "held", "made", "grown", "kept", "run", "drawn"})
_TIMES = re.compile(r"\b(growth|change|increase|decline|difference|diff|delta|total|sum|annual)\b")
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), word, needles) for pattern, word, needles in PHRASES
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is asked for."""

    words: tuple[str, ...]
    """The stems that tell it from others, in order; none if nothing can be read by the name."""
    units: frozenset[str]
    quarter: int | None
    """1 … 4."""
    is_count: bool
    kinds: tuple[str, ...]
    """The stems of words such as "model" and "class", which tell something of texts alone."""
    participles: tuple[str, ...]
    """Those of the words that a sentence may well leave out: genes *evaluated*, cases *sold*."""
    facet: str
    """`last_name`, `first_name`, `city`, `country`, or empty."""


def one_word(text: str) -> str:
    """Return a text of the same length, with phrases that mean one thing written in one word."""
    low = text.lower()
    is_simple = is_plainly_spelled(text)
    for pattern, word, needles in _PHRASES:
        if not is_simple or any(needle in low for needle in needles):
            text = pattern.sub(partial(_padded, word), text)
    return text


def _padded(word: str, match: re.Match[str]) -> str:
    return word.ljust(len(match[0]))


@lru_cache(maxsize=4096)
def attribute_of(name: str) -> Attribute:
    """Return what a name of at most `LONGEST_NAME` characters asks for."""
    facet = ""
    text = name
    if match := _LAST_NAME.search(text):
        facet = "last_name"
        text = text[: match.start()] + " " + text[match.end() :]
    elif match := _FIRST_NAME.search(text):
        facet = "first_name"
        text = text[: match.start()] + " " + text[match.end() :]
    text = _HUMP.sub(" ", text)
    quarter = None
    if match := _INDEX.search(text):
        quarter = int(match[1]) + 1
        text = text[: match.start()]
    text = re.sub(r"['’]s\b", " ", re.sub(r"[._]", " ", text)).casefold()
    if quarter is None and (match := QUARTER.search(text)):
        quarter = _quarter(match)
        text = text[: match.start()] + " " + text[match.end() :]
    text = one_word(text)
    stems = [(word, stem(word)) for word in WORD.findall(text.replace("-", " "))]
    kept = [
        (word, root)
        for word, root in stems
        if word not in EMPTY and (len(word) > 1 or word.isdigit())
    ]
    units = frozenset(UNITS[word] for word, _ in kept if word in UNITS)
    words = tuple(
        dict.fromkeys(root for word, root in kept if word not in UNITS and root not in GENERIC)
    )
    if not words:  # "rating", "model"
        words = tuple(dict.fromkeys(root for word, root in kept if word not in UNITS))
    is_count = any(root in COUNTS for _, root in kept)
    place = words[-1:] if words[:1] in (("headquarters",), ("home",)) else words
    if not facet and place in (("city",), ("headquarters",)):
        facet = "city"
    elif not facet and place == ("country",):
        facet = "country"
    is_derived = quarter is not None and _TIMES.search(text) is not None
    if is_derived or "titl" in words or (words == ("ceo",) and not facet):
        words = ()
    kinds = tuple(root for _, root in kept if root in KINDS)
    participles = tuple(root for word, root in kept if word.endswith("ed") or word in _PARTICIPLES)
    return Attribute(words, units, quarter, is_count, kinds, participles, facet)


def _quarter(match: re.Match[str]) -> int:
    return "abcd".index(match.lastgroup or "a") + 1
