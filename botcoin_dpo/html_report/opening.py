"""How a report opens: whether the dataset can be trained on, in numbers and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.html_report.checks import Check, PairFilter, share
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.html_report.training import LIMITS


class Figure(NamedTuple):
    """A number and what it counts."""

    number: str
    noun: str
    address: str | None
    """Where the page shows it."""
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """The verdict on a dataset."""

    headline: str
    figures: Sequence[Figure]
    trainable: str
    limits: Sequence[int]
    """The common limits of `max_length`, up to the first that all examples keep."""
    lengths: Sequence[Sequence[str]]
    """By config: its name, `max_length`, and what share is longer than common limits."""
    splits: Sequence[Sequence[str]]
    """By pair type: its name, and pairs by split."""

    @property
    def length_columns(self) -> list[str]:
        """The heads of `lengths`."""
        return ["config", "max_length", *(f"over {limit:,}" for limit in self.limits)]

    @property
    def split_columns(self) -> list[str]:
        """The heads of `splits`."""
        return ["pairs", *SPLITS]


def opening_of(overview: Overview, checks: Sequence[Check]) -> Opening:
    """Return the verdict on a dataset, from its numbers and what was checked."""
    statistics, levels = overview.statistics, overview.levels
    warnings = sum(check.is_warning for check in checks)
    is_audited = bool(statistics.audited)
    figures = [Figure(f"{statistics.rows:,}", "pairs", "#pairs", False)]
    for level, count in levels.items():
        number = f"{count:,}" if is_audited else "not audited"
        address = PairFilter(flag=level).address if count else None
        figures.append(Figure(number, level, address, count > 0 and level == "contradicted"))
    needed = overview.training.max_length
    if needed is not None:
        figures.append(Figure(f"{needed:,}", "max_length", "#trainable", False))
    figures.append(Figure(f"{warnings:,}", _noun("warning", warnings), "#warnings", warnings > 0))
    limits = [limit for limit in LIMITS if needed is not None and limit < needed]
    return Opening(
        _headline(levels["contradicted"], is_audited, warnings),
        figures,
        _trainable(overview),
        limits,
        _lengths(overview, limits),
        [
            (name, *(f"{tally.counts[split]:,}" for split in SPLITS))
            for name, tally in sorted(statistics.by_split.items())
        ],
    )


def _noun(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _headline(contradicted: int, is_audited: bool, warnings: int) -> str:
    if contradicted:
        pairs = _noun("pair", contradicted)
        verb = "has a record" if contradicted == 1 else "have records"
        return (
            f"Do not train on it yet: {contradicted:,} {pairs} {verb} that the audit contradicts."
        )
    if not is_audited:
        return "Nobody has checked its labels yet: build it with --audit."
    if warnings:
        pronoun = "it" if warnings == 1 else "them"
        return (
            f"No label is contradicted; {warnings:,} {_noun('warning', warnings)} below: look at "
            f"{pronoun} before training."
        )
    return "No label is contradicted, and no check warns."


def _trainable(overview: Overview) -> str:
    needed = overview.training.max_length
    if needed is None:
        return "No pair can be exported of these rows."
    of_pairs = [overview.training.lengths[name] for name in overview.training.texts]
    over = sum(lengths.count(longer_than=LIMITS[0]) for lengths in of_pairs)
    return (
        f"Pairs are trainable at max_length {needed:,} (an estimate of 3 bytes a token, on the "
        f"clean texts that export writes). TRL's default of {LIMITS[0]:,} would cut or drop "
        f"{share(over, sum(lengths.count() for lengths in of_pairs))} of them."
    )


def _lengths(overview: Overview, limits: Sequence[int]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for name, most in overview.training.max_lengths.items():
        lengths = overview.training.lengths[name]
        total = lengths.count()
        over = (share(lengths.count(longer_than=limit), total) for limit in limits)
        rows.append((name, f"{most:,}", *over))
    return rows
