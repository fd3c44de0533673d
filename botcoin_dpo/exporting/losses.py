"""Configs without a row: a trainer that finds none stops, so an export does not pass over them.

Contract: schemas/README.md, "Exports".
"""

from collections.abc import Mapping
from typing import Literal

from botcoin_dpo.building.gates import Refusal
from botcoin_dpo.contract.pair_types import EXCLUDED

Loss = Literal["none", "warning", "error"]

DROP_IF = "drop_if"
"""The reason of rows that a condition dropped from every config."""

_NEVER_THERE = frozenset({"no_feedback"})
"""What the records lack from the start; a config that is not named is left out for it."""

_USERS_CHOICE = frozenset({DROP_IF, EXCLUDED})
"""What a user drops rows by: of a config that lacks all the others it explains nothing."""

_MINERS_DOING = frozenset({"unsafe_text"})
"""What a miner can bring about must not keep everything else from being published."""


def loss_of_all_rows(dropped: Mapping[str, int], *, is_named: bool) -> Loss:
    """Return what it means that a config has no row.

    Args:
        dropped: its dropped examples by reason.
        is_named: whether it was asked for by its name.
    """
    reasons = {reason for reason, count in dropped.items() if count}
    if reasons <= _NEVER_THERE:
        return "error" if is_named else "none"
    if reasons <= _NEVER_THERE | _MINERS_DOING:
        return "warning"
    would_be_empty = reasons & _NEVER_THERE and reasons <= _NEVER_THERE | _USERS_CHOICE
    return "warning" if would_be_empty and not is_named else "error"


def refusal_of(config: str, dropped: Mapping[str, int]) -> Refusal:
    """Return why an export is not published for a config without a row."""
    advice = "change what drops them, or leave the config out with --allow-empty"
    return Refusal("empty_config", f"{_words(config, dropped)}; nothing is published: {advice}")


def warning_of(config: str, dropped: Mapping[str, int]) -> str:
    """Return what to say of a config without a row that is left out."""
    return f"{_words(config, dropped)}; it is left out"


def _words(config: str, dropped: Mapping[str, int]) -> str:
    counts = ", ".join(f"{count:,} {reason}" for reason, count in sorted(dropped.items()) if count)
    return f"{config}: no row is left: {f'dropped are {counts}' if counts else 'no pair fits it'}"
