"""Says what a record of an unknown kind looks like, in words for people.

Contract: schemas/README.md, "Kinds of records".
"""

from collections.abc import Iterable
from typing import Any

from botcoin_dpo.contract.record_types import (
    ATTEMPT_MARKS,
    CHALLENGE_MARK,
    SESSION_MARK,
    AttemptShape,
    JsonObject,
)

_KEYS_SHOWN = 5
_LONGEST_KEY = 40

_LOOKS: tuple[tuple[str, str], ...] = (
    ("example_type rejected_text chosen_text", "a row of a dataset that is built already"),
    ("chosen rejected", "a DPO row"),
    ("prompt completion", "a row for a trainer"),
    ("prompt response", "a row for a trainer"),
    ("messages", "a chat messages record"),
    ("conversations", "a chat messages record"),
    ("schema_version funnel shards", "a manifest of a build"),
    ("byte_offset reason detail", "an entry of a quarantine"),
    ("simulated_logs", "the ledger of simulated logs"),
)
"""Keys that a record must have, and what it then looks like; the first that fits."""

_OF_ATTEMPTS = frozenset(AttemptShape.__struct_encode_fields__) - {
    "challenge_id", "challenge_seed", "challenge_domain", "trap_metadata", "operator",
    "model_version", "modelVersion", "timestamp",
}  # fmt: skip
"""Fields that little else has than an attempt record."""


def describe(value: JsonObject) -> str:
    """Return what a record of no known kind looks like."""
    present = {key for key, inner in value.items() if inner is not None}
    marks = ", ".join((*sorted(ATTEMPT_MARKS), CHALLENGE_MARK))
    if SESSION_MARK in present:
        given = value[SESSION_MARK]
        if isinstance(given, list):
            return "a session record without attempts"
        if not present.isdisjoint(("session_id", "challenge_id")):
            return f"looks like a session record whose {SESSION_MARK} are no array"
    for keys, look in _LOOKS:
        if present.issuperset(keys.split()):
            return f"looks like {look}, which is no log"
    if not present.isdisjoint(_OF_ATTEMPTS):
        return f"looks like an attempt without {', '.join(sorted(ATTEMPT_MARKS))}"
    if "challenge_id" in present:
        return f"looks like a challenge record without {CHALLENGE_MARK}"
    return f"has {_keys(value)}, and none of {marks}"


def describe_element(value: JsonObject) -> str:
    """Return what an element of a session record is that is no attempt."""
    if isinstance(value.get(SESSION_MARK), list):
        return "a session record among the attempts of a session"
    if value.get(CHALLENGE_MARK) is not None:
        return "a challenge record among the attempts of a session"
    return f"among the attempts of a session, {describe(value)}"


def _keys(value: dict[str, Any]) -> str:
    """Return the first keys, safe to show and of limited length."""
    if not value:
        return "no keys"
    shown = ", ".join(_shown(list(value)[:_KEYS_SHOWN]))
    more = len(value) - _KEYS_SHOWN
    return f"the keys {shown}{f' and {more} more' if more > 0 else ''}"


def _shown(keys: Iterable[str]) -> Iterable[str]:
    for key in keys:
        yield ascii(key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 1]}…")
