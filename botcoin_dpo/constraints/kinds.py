"""The kinds of constraints, and which of them a text is; a new kind is a module and its entry here.

Who calls a function that takes `kinds` can give kinds of their own, `[*KINDS, mine]`. Contract:
schemas/README.md, "Constraints".
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

from botcoin_dpo.constraints import (
    acrostic,
    equation,
    forbidden_letter,
    include,
    prime,
    word_count,
)
from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.contract.outcomes import TIP
from botcoin_dpo.errors import UsageError

Kinds = tuple[Kind, ...]

KINDS: Kinds = (
    word_count.KIND,
    include.KIND,
    prime.KIND,
    equation.KIND,
    acrostic.KIND,
    forbidden_letter.KIND,
)
"""The kinds that the contract defines; no text is of two of them."""

_ADVICE = "tip"
_UNREAD = "other"
KIND_NAMES = (*(kind.name for kind in KINDS), _ADVICE, _UNREAD)
"""What `constraint_kind` returns, in the order in which tables show it."""

_LONGEST = 600
"""Characters; a longer text is not read, so that a hostile one costs no time."""


def parse(text: str, kinds: Kinds = KINDS) -> Constraint | None:
    """Return what a constraint asks, None if it is advice or cannot be read."""
    if len(text) > _LONGEST or text.startswith(TIP):
        return None
    return _read(text, kinds)[1]


def constraint_kind(text: str, kinds: Kinds = KINDS) -> str:
    """Return the name of a constraint's kind; `tip` for advice, `other` for what cannot be read."""
    if text.startswith(TIP):
        return _ADVICE
    return _UNREAD if len(text) > _LONGEST else _read(text, kinds)[0]


@lru_cache(maxsize=4096)  # never of long texts, which would fill the memory
def _read(text: str, kinds: Kinds) -> tuple[str, Constraint | None]:
    """Return the kind that a text is of, the first that can read it, and what it asks."""
    text = " ".join(text.split())
    lower = text.lower()
    for kind in kinds:
        constraint = kind.read(text) if kind.hint in lower else None
        if constraint is not None:
            return kind.name, constraint
    return _UNREAD, None


def checked_kinds(kinds: Iterable[Kind]) -> Kinds:
    """Return kinds that somebody gives, if each has a name of its own.

    Raises:
        UsageError: one has not.
    """
    kinds = tuple(kinds)
    names = [_ADVICE, _UNREAD]
    for kind in kinds:
        if kind.name in names or not kind.name.isidentifier():
            raise UsageError(f"kinds: {kind.name!a} must be one word, and the name of one kind")
        names.append(kind.name)
    return kinds


def in_order(names: Collection[str]) -> list[str]:
    """Return names of kinds in the order of `KIND_NAMES`, then others by name."""
    return [
        *(name for name in KIND_NAMES if name in names),
        *sorted(name for name in names if name not in KIND_NAMES),
    ]
