"""A pair's id: the same in every build that makes the pair, whatever else is in the logs.

Contract: schemas/README.md, "A pair's id".
"""

import re
from hashlib import sha256

import orjson

from botcoin_dpo.contract.identifiers import normalize
from botcoin_dpo.contract.record_types import JsonObject

LENGTH = 16
"""Hexadecimal digits."""

SHORTEST_START = 6
"""Digits by which a pair may be named, where no other id starts so."""

_PAIR_ID = re.compile(rf"[0-9a-f]{{{LENGTH}}}", re.ASCII)


def pair_id_of(row: JsonObject) -> str:
    """Return the id of the pair of a row that fits its schema."""
    rejected, chosen = row["rejected_metadata"], row["chosen_metadata"]
    told = orjson.dumps(
        [
            row["pair_annotations"]["pair_type"],
            normalize(rejected["record_id"]),
            normalize(chosen["record_id"]),
            rejected["attempt_index"],
            chosen["attempt_index"],
        ]
    )
    return sha256(told).hexdigest()[:LENGTH]


_START = re.compile(rf"[0-9a-f]{{{SHORTEST_START},{LENGTH}}}", re.ASCII)


def parse_start(text: str) -> str | None:
    """Return how the pair's id starts that a text abbreviates, None if it abbreviates none."""
    start = text.lower()
    return start if _START.fullmatch(start) else None


def parse_pair_id(text: str) -> str | None:
    """Return the pair's id that a text spells, None if it spells none."""
    spelled = text.lower()
    return spelled if _PAIR_ID.fullmatch(spelled) else None
