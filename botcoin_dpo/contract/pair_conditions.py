"""Conditions by which pairs are chosen, for `--drop-if` and `--keep-if`.

A condition looks at a row and its `audit` object alone, so that a build and an export of it choose
alike. Contract: schemas/README.md, "Choosing pairs".
"""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.contract.audit_rules import LEVELS, RULES, SIGNALS
from botcoin_dpo.contract.numbers import to_text
from botcoin_dpo.contract.pair_signals import ROW_SIGNALS, row_signal
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS, STATUSES
from botcoin_dpo.errors import UsageError, choice_of, one_or_more

SIDES = ("rejected", "chosen")

_RULES_OF = {
    f"{of}{level}": [f"{of}{rule}" for rule, about in RULES.items() if about.level == level]
    for of in ("", *(f"{side}:" for side in SIDES))
    for level in LEVELS
    if not of or level not in STATUSES  # `chosen:contradicted` is a verdict on outcomes
}
"""The conditions that each level stands for, of a pair and of a side."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}
_SIGNS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_WITH_SIGN = re.compile(r"([a-z0-9_]{1,40}) ?([<>]=?) ?(.{0,40})", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DECIDED = ("verified", "consistent", "contradicted")

_ALL_SIGNALS = (*SIGNALS, *ROW_SIGNALS)

KEPT_BY = "keep_if:"
"""Begins the reason of a pair that a condition of `--keep-if` does not hold for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; its parts as they are written, divided by colons."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The condition as it is written; equal conditions have equal texts."""
        return ":".join(self.parts)

    @property
    def needs_audit(self) -> bool:
        """Whether a row does not tell without its `audit` object."""
        return self.parts[0] not in ROW_SIGNALS

    def holds(self, row: JsonObject, audit: JsonObject) -> bool:
        """Return whether it holds for a pair, by its row and the `audit` object of that."""
        first, *rest = self.parts
        if first in ROW_SIGNALS:
            return _compares(row_signal(first, row), *rest)
        if not rest:
            return first in audit["flags"]
        if first not in SIDES:
            return _compares(audit["signals"][first], *rest)
        if rest[0] in STATUSES:
            return bool(audit["verdicts"][first][rest[0]])
        if rest[0] in RULES:
            return rest[0] in audit["found_in"][first]
        return _has_nothing_better(audit, first, rest[0])


def _compares(value: float | None, comparison: str, number: str) -> bool:
    return value is not None and _COMPARISONS[comparison](float(value), float(number))


def _has_nothing_better(audit: JsonObject, side: str, ground: str) -> bool:
    """Return whether some constraint of a side is decided by a ground, a worse one or none."""
    verdicts, grounds = audit["verdicts"][side], audit["grounds"][side]
    better = GROUNDS[: GROUNDS.index(ground)]
    decided = sum(grounds.get(status, {}).get(each, 0) for status in _DECIDED for each in better)
    return bool(sum(verdicts.values()) > decided)


@dataclass(frozen=True, slots=True)
class PairChoice:
    """Which pairs stay."""

    drop_if: tuple[Condition, ...] = ()
    """A pair is dropped if one of them holds."""
    keep_if: tuple[Condition, ...] = ()
    """A pair is dropped unless all of them hold."""

    def __bool__(self) -> bool:
        return bool(self.drop_if or self.keep_if)

    @property
    def first_that_needs_audit(self) -> str | None:
        """A condition that a row does not tell without its `audit` object, and its option."""
        for option, conditions in (("--drop-if", self.drop_if), ("--keep-if", self.keep_if)):
            for condition in conditions:
                if condition.needs_audit:
                    return f"{option} {condition.text}"
        return None

    def reason_to_drop(self, row: JsonObject, audit: JsonObject | None) -> str | None:
        """Return why a pair is dropped, None if it stays.

        Args:
            row: its row.
            audit: the `audit` object of that; without one, conditions that need it drop nothing.
        """
        known = audit or {}
        for condition in self.drop_if:
            if (known or not condition.needs_audit) and condition.holds(row, known):
                return condition.text
        for condition in self.keep_if:
            if (known or not condition.needs_audit) and not condition.holds(row, known):
                return f"{KEPT_BY}{condition.text}"
        return None

    def as_json(self) -> dict[str, list[str]]:
        """Return the conditions as they stand in a manifest."""
        return {
            "drop_if": [condition.text for condition in self.drop_if],
            "keep_if": [condition.text for condition in self.keep_if],
        }


def choose_pairs(drop_if: Iterable[str] | str, keep_if: Iterable[str] | str) -> PairChoice:
    """Return the choice that conditions make, in an order that does not depend on theirs.

    Raises:
        UsageError: one of them is not understood.
    """
    return PairChoice(_parse_all(drop_if, "--drop-if"), _parse_all(keep_if, "--keep-if"))


def _parse_all(texts: Iterable[str] | str, option: str) -> tuple[Condition, ...]:
    found: set[Condition] = set()
    for text in one_or_more(texts):
        if text in _RULES_OF and option == "--keep-if":
            raise UsageError(f"{option} {text}: a pair has many rules of a level; name one of them")
        found |= _parse(text, option)
    order = list(RULES)
    return tuple(
        sorted(
            found,
            key=lambda each: (
                len(each.parts) > 1,
                order.index(each.text) if each.text in RULES else 0,
                each.text,
            ),
        )
    )


def _parse(text: str, option: str) -> set[Condition]:
    """Return the conditions that a text stands for: a level stands for all its rules."""
    if with_sign := _WITH_SIGN.fullmatch(text):
        name, sign, number = with_sign.groups()
        choice_of(f"{option} {text}:", name, _ALL_SIGNALS, "no such signal")
        return {Condition((name, _SIGNS[sign], _number(option, text, number)))}
    if text in _RULES_OF:
        return {Condition(tuple(each.split(":"))) for each in _RULES_OF[text]}
    parts = text.split(":")
    if len(parts) == 1:
        name = choice_of(option, text, (*LEVELS, *RULES, *SIDES, *_ALL_SIGNALS), "no such rule")
        if name in RULES:
            return {Condition((name,))}
        form = (
            "VERDICT, a ground or a rule" if name in SIDES else "lt:NUMBER (or le, eq, ne, ge, gt)"
        )
        raise UsageError(f"{option} {text}: write {name}:{form}")
    names = (*SIDES, *_ALL_SIGNALS)
    first = choice_of(f"{option} {text}:", parts[0], names, "neither side nor signal")
    if first in SIDES:
        name = ":".join(parts[1:])
        levels = (level for level in LEVELS if level not in STATUSES)
        choices = (*STATUSES, *GROUNDS, *levels, *RULES)
        return {Condition((first, choice_of(f"{option} {text}:", name, choices, "unknown")))}
    comparison = choice_of(f"{option} {text}:", parts[1], tuple(_COMPARISONS), "unknown")
    return {Condition((first, comparison, _number(option, text, ":".join(parts[2:]))))}


def _number(option: str, text: str, number: str) -> str:
    """Return a number as conditions have it; equal numbers have equal texts."""
    if not _NUMBER.fullmatch(number):
        raise UsageError(f"{option} {text}: {number[:40]!a} is not a number")
    value: Any = float(number)
    return to_text(int(value) if value.is_integer() else value)
