"""What kind of constraint a text is, by its words; what exactly it asks is for `parsing.py`."""

import re
from functools import lru_cache
from typing import Literal, get_args

from botcoin_dpo.logs.outcomes import TIP

ConstraintKind = Literal[
    "word_count", "include", "prime", "equation", "acrostic", "forbidden_letter", "tip", "other"
]
CONSTRAINT_KINDS: tuple[ConstraintKind, ...] = get_args(ConstraintKind)

# The first that fits decides: an equation is included as well, and so is a prime.
_PATTERNS: dict[ConstraintKind, str] = {
    "acrostic": r"\bacrostic\b",
    "word_count": r"\bexactly\s+\d+\s+words\b",
    "forbidden_letter": r"\bnot\s+contain\b.{0,40}\bletter\b",
    "equation": r"\bequation\b",
    "prime": r"\bprime\b",
    "include": r"\binclude\b",
}
_KINDS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _PATTERNS.items()}


@lru_cache(maxsize=4096)
def constraint_kind(text: str) -> ConstraintKind:
    """Return the kind of a constraint; `tip` for advice, `other` for what is not recognised."""
    if text.startswith(TIP):
        return "tip"
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(text)), "other")
