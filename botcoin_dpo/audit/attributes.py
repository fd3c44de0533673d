"""Whether two names mean the same attribute: "CEO's last name", `ceo.last_name`.

Constraints, extract steps and traps each name attributes in their own way. Names are compared as
sets of words. A weak likeness may confirm what a record says, it is never evidence against it.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUARTER = re.compile(r"\bq ?([1-4])\b|\b([1-4])(?:st|nd|rd|th) quarter\b", re.IGNORECASE)
_INDEX = re.compile(r"[.\[]([0-3])\]?$")
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


@lru_cache(maxsize=8192)
def words_of(name: str) -> frozenset[str]:
    """Return the words that tell an attribute from others; a quarter is one of `q1` … `q4`."""
    return _all_words(name) - _NEARLY_EMPTY


@lru_cache(maxsize=8192)
def _all_words(name: str) -> frozenset[str]:
    words = _HUMP.sub(" ", name).replace("_", " ").replace(".", " ")
    words = words.replace("'s", "").replace("’s", "")
    quarter = ""
    if match := _QUARTER.search(words):
        quarter = f"q{match[1] or match[2]}"
        words = _QUARTER.sub(" ", words)
    elif match := _INDEX.search(name):  # `revenue.0` is the first quarter's
        quarter = f"q{int(match[1]) + 1}"
        words = words[: match.start()]
    found = {_singular(word) for word in _WORD.findall(words.casefold())} - _EMPTY
    return frozenset(found | {quarter} if quarter else found)


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> float:
    """Return 1.0 if two names mean the same, a smaller share if they might, 0.0 if they do not."""
    if _all_words(one) == _all_words(other):
        return 1.0 if words_of(one) else 0.0
    left, right = words_of(one), words_of(other)
    if not left or not right:
        return 0.0
    if left == right:
        return PART_OF
    if _quarter_in(left) != _quarter_in(right) or (left ^ right) & _DERIVED:
        return 0.0
    shared = len((left & right) - {_quarter_in(left)}) / min(
        len(left - {_quarter_in(left)}) or 1, len(right - {_quarter_in(right)}) or 1
    )
    return min(shared, PART_OF) if shared >= _LIKENESS else 0.0


def _quarter_in(words: frozenset[str]) -> str | None:
    return next((word for word in words if re.fullmatch("q[1-4]", word)), None)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
