"""The closed lists of pairing: pair types, their families, reasons for dropping a pair.

Contract: schemas/README.md, "Pairing".
"""

from collections.abc import Iterable
from typing import Literal

PairType = str
"""The name of a strategy, as rows, folders and the manifest have it."""

PairFamily = Literal["session", "challenge"]
"""Whether the two attempts are of one session, or of one challenge."""

PAIR_FAMILIES: dict[PairType, PairFamily] = {
    "sequential": "session",
    "bookend": "session",
    "exhaustive": "session",
    "cross_session": "challenge",
}
PAIR_TYPES: tuple[PairType, ...] = tuple(PAIR_FAMILIES)

DropReason = Literal[
    "identical_sides",
    "input_mismatch",
    "duplicate_pair",
    "row_schema_violation",
    "excluded",
    "over_max_per_prompt",
]
EXCLUDED: DropReason = "excluded"
"""The reason of pairs that are left out by their ids."""
OVER_MAX_PER_PROMPT: DropReason = "over_max_per_prompt"
"""The reason of pairs beyond the most that a challenge may have."""

_EXAMPLES: dict[PairFamily, str] = {
    "session": "session_revision_pair",
    "challenge": "challenge_pair",
}


def in_order(pair_types: Iterable[PairType]) -> list[PairType]:
    """Return pair types in the order of output: the built-in ones as listed, then all others."""
    given = list(pair_types)
    known = [pair_type for pair_type in PAIR_TYPES if pair_type in given]
    return known + [pair_type for pair_type in given if pair_type not in PAIR_FAMILIES]


def example_type(pair_type: PairType, family: PairFamily) -> str:
    """Return the `example_type` of rows of a pair type."""
    return f"{_EXAMPLES[family]}_{pair_type}"
