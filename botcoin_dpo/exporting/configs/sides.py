"""The two sides of a row, as examples have them."""

from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from botcoin_dpo.contract.identifiers import normalize
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.configs.config import NAMED
from botcoin_dpo.exporting.example import ExportDrop
from botcoin_dpo.exporting.texts import Texts


class Sides(NamedTuple):
    """The texts of a pair."""

    chosen: str
    rejected: str


def both_sides(texts: Texts) -> Sides | ExportDrop:
    """Return the two texts of a pair, or why they make no example."""
    if texts.chosen is None or texts.rejected is None:
        return "ambiguous_trace"
    if texts.chosen == texts.rejected:
        return "identical_sides"
    return Sides(texts.chosen, texts.rejected)


def each_side(texts: Texts) -> tuple[tuple[str, str | None], tuple[str, str | None]]:
    """Return the two sides with their texts, rejected first."""
    return (("rejected", texts.rejected), ("chosen", texts.chosen))


def attempt_of(row: JsonObject, side: str) -> list[Any]:
    """Return what tells an attempt from all others of its challenge: the row names no loser."""
    metadata = row[f"{side}_metadata"]
    return [normalize(metadata["record_id"]), metadata["attempt_index"], row[f"{side}_text"]]


def digest(*parts: object) -> bytes:
    """Return a digest that tells what is given from all else."""
    return sha256(orjson.dumps(parts)).digest()[:16]


def named(row: JsonObject) -> JsonObject:
    """Return where an example of a row comes from."""
    return {name: row[name] for name in NAMED}


def said(role: str, content: str) -> JsonObject:
    """Return a message."""
    return {"role": role, "content": content}


def reward_of(metadata: JsonObject) -> float:
    """Return the share of checked constraints that hold; without any, whether it was accepted."""
    passed, failed = metadata["constraint_pass_count"], metadata["constraint_fail_count"]
    return float(passed / (passed + failed)) if passed + failed else float(metadata["pass"])
