"""Whether two names mean the same attribute: "CEO's last name", `ceo.last_name`.

Constraints, extract steps and traps each name attributes in their own way. Names are compared as
sets of words. A weak likeness may confirm what a record says, it is never evidence against it.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|q[1-4]\b", re.ASCII)
_QUARTER = re.compile(r"\bq[ _.]?([1-4])\b|\b([1-4])(?:st|nd|rd|th)[ _]quarter\b", re.IGNORECASE)
_INDEX = re.compile(r"[.\[_]([0-3])\]?$")
_EMPTY = frozenset(
    {"the", "of", "in", "for", "a", "an", "count", "number", "n", "k", "d", "s", "total", "value"}
)
_DERIVED = frozenset(
    {"difference", "diff", "delta", "gap", "change", "growth", "ratio", "versus", "vs", "minus"}
)
"""Words that make another quantity of a name."""

_LIKENESS = 0.5

PART_OF = 0.99
"""The likeness of two names of which one has all words of the other, and more."""


@lru_cache(maxsize=8192)
def words_of(name: str) -> frozenset[str]:
    """Return the words that tell an attribute from others; a quarter is one of `q1` … `q4`."""
    quarter = ""
    if match := _QUARTER.search(name.replace("_", " ").replace(".", " ")):
        quarter = f"q{match[1] or match[2]}"
        name = _QUARTER.sub(" ", name.replace("_", " ").replace(".", " "))
    elif match := _INDEX.search(name):  # `revenue.0` is the first quarter's
        quarter = f"q{int(match[1]) + 1}"
        name = name[: match.start()]
    words = {_singular(word.lower()) for word in _WORD.findall(name)} - _EMPTY
    return frozenset(words | {quarter} if quarter else words)


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> float:
    """Return 1.0 if two names mean the same, a smaller share if they might, 0.0 if they do not."""
    left, right = words_of(one), words_of(other)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
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
