"""Identifiers: hexadecimal ones compare case-insensitively, all others as they are spelled."""

import re
from functools import lru_cache
from hashlib import sha256

_USUAL = 100
"""Characters that ids are seldom longer than."""

_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]+", re.ASCII)


def normalize(identifier: str) -> str:
    """Return the form of an id in which equal ids are equal strings."""
    return identifier.lower() if _HEXADECIMAL.fullmatch(identifier) else identifier


def miner_of(operator: str, rig: str | None) -> str:
    """Return the id of the miner that an operator runs, on a rig of several or not."""
    return f"{operator}/{rig}" if rig else operator


def normalize_miner(miner_id: str) -> str:
    """Return the form of a miner's id in which equal ids are equal; of OPERATOR/RIG as well."""
    operator, slash, rig = miner_id.partition("/")
    return f"{normalize(operator)}{slash}{rig}"


def challenge_hash(challenge_id: str) -> bytes:
    """Return the 32 bytes by which rows are ordered: SHA-256 of the normalised challenge id."""
    # A challenge has many attempts; an id may be as long as a record, and is not kept then.
    return _remembered_hash(challenge_id) if len(challenge_id) <= _USUAL else _hash(challenge_id)


def _hash(challenge_id: str) -> bytes:
    return sha256(normalize(challenge_id).encode()).digest()


_remembered_hash = lru_cache(maxsize=1024)(_hash)
