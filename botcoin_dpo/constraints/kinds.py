"""What kind of constraint a text is, by its words; what exactly it asks is for `parsing.py`."""

import re
from functools import lru_cache
from typing import Literal, get_args

from botcoin_dpo.contract.outcomes import TIP

ConstraintKind = Literal[
    "word_count", "include", "prime", "equation", "acrostic", "forbidden_letter", "tip", "other"
]
CONSTRAINT_KINDS: tuple[ConstraintKind, ...] = get_args(ConstraintKind)

# The first that fits decides: an equation is included as well, and so is a prime. What a text must
# have in lower case is looked for first, since that is much faster.
_PATTERNS: dict[ConstraintKind, tuple[str, str]] = {
    "acrostic": ("acrostic", r"\bacrostic\b"),
    "word_count": ("exactly", r"\bexactly\s+\d+\s+words\b"),
    "forbidden_letter": ("letter", r"\bnot\s+contain\b.{0,40}\bletter\b"),
    "equation": ("equation", r"\bequation\b"),
    "prime": ("prime", r"\bprime\b"),
    "include": ("include", r"\binclude\b"),
}
_KINDS = {kind: (word, re.compile(words)) for kind, (word, words) in _PATTERNS.items()}


@lru_cache(maxsize=4096)
def constraint_kind(text: str) -> ConstraintKind:
    """Return the kind of a constraint; `tip` for advice, `other` for what is not recognised."""
    if text.startswith(TIP):
        return "tip"
    lower = text.lower()
    for kind, (word, pattern) in _KINDS.items():
        if word in lower and pattern.search(lower):
            return kind
    return "other"
