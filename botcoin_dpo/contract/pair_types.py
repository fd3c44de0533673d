"""The closed lists of pairing: pair types, their families, reasons for dropping a pair.

Contract: schemas/README.md, "Pairing".
"""

from typing import Literal, get_args

from botcoin_dpo.errors import UsageError

PairType = Literal["sequential", "bookend", "exhaustive", "cross_session"]
PAIR_TYPES: tuple[PairType, ...] = get_args(PairType)


PairFamily = Literal["session", "challenge"]
PAIR_FAMILIES: dict[PairType, PairFamily] = {
    "sequential": "session",
    "bookend": "session",
    "exhaustive": "session",
    "cross_session": "challenge",
}
EXAMPLE_TYPES: dict[PairType, str] = {
    "sequential": "session_revision_pair_sequential",
    "bookend": "session_revision_pair_bookend",
    "exhaustive": "session_revision_pair_exhaustive",
    "cross_session": "challenge_pair_cross_session",
}
DropReason = Literal["identical_sides", "input_mismatch", "duplicate_pair", "row_schema_violation"]


def parse_pair_type(name: str) -> PairType:
    """Return the strategy of that name.

    Raises:
        UsageError: there is none.
    """
    for pair_type in PAIR_TYPES:
        if name == pair_type:
            return pair_type
    known = ", ".join(PAIR_TYPES)
    raise UsageError(f"pairs {name}: no such strategy; choose from {known}, repeat for several")
