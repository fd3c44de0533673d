"""Miner ids as digests that nobody can make without a secret key."""

import hmac
from pathlib import Path

from botcoin_dpo.contract.identifiers import normalize_miner
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.named_files import reading

_SHORTEST_KEY = 16
_LONGEST_KEY = 10**6


def anonymous(row: JsonObject, key: bytes) -> JsonObject:
    """Return a row whose miner is a digest that only who has the key can make."""
    miner = normalize_miner(row["metadata"]["miner_id"])
    digest = hmac.digest(key, miner.encode(), "sha256").hex()[:32]
    return {**row, "metadata": {**row["metadata"], "miner_id": f"miner_{digest}"}}


def read_key(path: Path) -> bytes:
    """Return the key that a file holds.

    Raises:
        InputError: it cannot be read, or the key can be guessed.
    """
    with reading(path, "name a file with a secret key") as file:
        key = file.read(_LONGEST_KEY).strip()
    if len(key) < _SHORTEST_KEY:
        raise InputError(
            f"{path}: a key of {len(key)} bytes can be guessed; "
            f"write at least {_SHORTEST_KEY} random ones into it"
        )
    return key
