"""Whether two names mean the same attribute: "CEO's last name", `ceo.last_name`.

Constraints, extract steps and traps each name attributes in their own way. Names are compared as
sets of words. A weak likeness may confirm what a record says, it is never evidence against it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ABBREVIATION_HUMP = re.compile(r"(?:(?<=\bHQ)|(?<=\bCEO))(?=[A-Z][a-z])")
_ORDINALS = ("first", "second", "third", "fourth")
_CARDINALS = ("one", "two", "three", "four")
_QUARTER = re.compile(
    r"(?:\b(?:in|for|during|of) )?(?:\bthe )?(?:\bq ?([1-4])\b|\b([1-4]) ?q\b"
    rf"|\b([1-4])(?:st|nd|rd|th)[ -]quarter\b|\b({'|'.join(_ORDINALS)})[ -]quarter\b"
    rf"|\bquarter ([1-4]|{'|'.join(_CARDINALS)})\b)",
    re.IGNORECASE,
)
_QUARTER_BY_WORD = {
    word: str(number)
    for words in (_ORDINALS, _CARDINALS)
    for number, word in enumerate(words, start=1)
}
_SYNONYMS = re.compile(
    r"\b(?:(?P<headquarters>hq|head ?offices?|head quarters)"
    r"|(?P<employees>head ?count|staff(?: members)?|workforce)"
    r"|(?P<ceo>chief executive(?: officer)?)"
    r"|(?P<last_name>surname|family name|lastname)"
    r"|(?P<first_name>given name|forename|firstname)"
    r"|(?P<founded>founding))\b",
    re.IGNORECASE,
)
"""Words for one meaning, by the one that stands for all of them."""

_EMPLOYEES = "employee"
_NUMBER_OF = frozenset({"number", "count"})
_INDEX = re.compile(r"[.\[]([0-3])\]?$")
_QUARTERS = frozenset({"q1", "q2", "q3", "q4"})
_EMPTY = frozenset({"the", "of", "a", "an"})
_NEARLY_EMPTY = frozenset(
    {"in", "for", "count", "number", "n", "k", "d", "total", "value", "used", "credited"}
)
"""Words that names may have or lack, though they may also tell one attribute from another."""

_DERIVED = frozenset(
    {"difference", "diff", "delta", "gap", "change", "growth", "ratio", "versus", "vs", "minus",
     "digit", "letter", "word", "reversed", "abbreviation", "either", "or", "no", "not", "least",
     "sum", "product", "half", "twice", "double"}
)  # fmt: skip
"""Words that make another quantity of a name."""

_LIKENESS = 0.5

PART_OF = 0.99
"""The likeness of two names of which one has all words of the other that tell it from others."""


LONGEST_NAME = 200
"""Characters; what is longer is no name of an attribute, and not compared with one."""


class _Name(NamedTuple):
    """The words of a name."""

    all: frozenset[str]
    telling: frozenset[str]
    """Those that tell it from others; a quarter is one of `q1` … `q4`."""
    quarters: frozenset[str]
    """Of the telling ones, those that say which quarter is meant."""


@lru_cache(maxsize=8192)
def likeness(one: str, other: str) -> float:
    """Return 1.0 if two names mean the same, a smaller share if they might, 0.0 if they do not.

    Takes names of at most `LONGEST_NAME` characters: very many are remembered.
    """
    left, right = _name(one), _name(other)
    if left.all == right.all:
        return 1.0 if left.telling else 0.0
    if not left.telling or not right.telling:
        return 0.0
    if left.telling == right.telling:
        return PART_OF
    if left.quarters != right.quarters or (left.telling ^ right.telling) & _DERIVED:
        return 0.0
    shared = len((left.telling & right.telling) - left.quarters) / min(
        len(left.telling - left.quarters) or 1, len(right.telling - right.quarters) or 1
    )
    return min(shared, PART_OF) if shared >= _LIKENESS else 0.0


@lru_cache(maxsize=4096)
def _name(text: str) -> _Name:
    words = _all_words(text)
    telling = words - _NEARLY_EMPTY
    return _Name(words, telling, telling & _QUARTERS)


def _all_words(text: str) -> frozenset[str]:
    words = _HUMP.sub(" ", _ABBREVIATION_HUMP.sub(" ", text)).replace("_", " ").replace(".", " ")
    words = words.replace("'s", "").replace("’s", "")
    words = _SYNONYMS.sub(_common_word, words)
    quarter = ""
    if match := _QUARTER.search(words):
        number = next(filter(None, match.groups())).lower()
        quarter = f"q{_QUARTER_BY_WORD.get(number, number)}"
        words = _QUARTER.sub(" ", words)
    elif match := _INDEX.search(text):  # `revenue.0` is the first quarter's
        quarter = f"q{int(match[1]) + 1}"
        words = words.rstrip().removesuffix("]")[:-1]
    found = {_singular(word) for word in _WORD.findall(words.casefold())} - _EMPTY
    if _EMPLOYEES in found and found <= _NUMBER_OF | {_EMPLOYEES}:
        found -= _NUMBER_OF  # a number of employees is what employees are
    return frozenset(found | {quarter} if quarter else found)


def _common_word(match: re.Match[str]) -> str:
    """Return the word that stands for all of one meaning."""
    return str(match.lastgroup).replace("_", " ")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
