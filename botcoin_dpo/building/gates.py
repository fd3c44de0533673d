"""Gates: why a finished product is not published (exit code 1).

A gate decides about a dataset and does not change it, so gates are no build options and stand in no
manifest. Contract: schemas/README.md, "Gates".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

from botcoin_dpo.building.funnel import Funnel
from botcoin_dpo.contract.rejections import FILE_REASONS
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.errors import InputError, UsageError, count_of
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.remote_path import RemotePath

Gate = Literal[
    "strict", "min_pairs", "max_quarantined", "max_shrink", "empty_config", "chat_template"
]

_SHARE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,18})?|\.[0-9]{1,18}) ?(%?)", re.ASCII)


class Refusal(NamedTuple):
    """Why a product was not published."""

    gate: Gate
    message: str
    """One line: what held, with its numbers, and what to do."""


@dataclass(frozen=True, slots=True)
class BuildGates:
    """What a build must be like to be published."""

    strict: bool = False
    """No quarantine entries."""
    min_pairs: int = 0
    """Of all types together."""
    max_quarantined: float | None = None
    """Share of the records, and share of the log files."""
    max_shrink: float | None = None
    """Share of the pairs of the build that is replaced."""

    def __post_init__(self) -> None:
        if self.min_pairs < 0:
            raise UsageError("--min-pairs: must be at least 0")
        for option, share in (
            ("--max-quarantined", self.max_quarantined),
            ("--max-shrink", self.max_shrink),
        ):
            if share is not None and not 0 <= share <= 1:
                raise UsageError(f"{option} {share}: must be from 0 to 1, or from 0% to 100%")

    def refusals(self, funnel: Funnel, out: Path | RemotePath) -> list[Refusal]:
        """Return the gates that hold, in their order.

        Args:
            funnel: what became of the records.
            out: where the previous build is.

        Raises:
            InputError: the previous build is damaged, so that its pairs cannot be counted.
        """
        refusals = []
        entries = funnel.quarantined.total()
        if self.strict and entries:
            refusals.append(
                _refusal(
                    "strict",
                    f"--strict: {entries:,} quarantined",
                    "mend the logs or drop --strict",
                )
            )
        if funnel.rows < self.min_pairs:
            refusals.append(
                _refusal(
                    "min_pairs",
                    f"--min-pairs: {funnel.rows:,} pairs, fewer than {self.min_pairs:,}",
                    "see what became of the records, or lower it",
                )
            )
        if self.max_quarantined is not None:
            refusals += _quarantined(funnel, self.max_quarantined)
        if self.max_shrink is not None:
            refusals += _shrunk(funnel.rows, _pairs_of_previous(out), self.max_shrink)
        return refusals


def parse_share(text: str, option: str) -> float:
    """Return a share that is written as `2%` or `0.02`.

    Raises:
        UsageError: it is neither.
    """
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{option} {text}: must be a share, such as 2% or 0.02")
    # Decimal, so that 2.9% is the double nearest to 0.029, and 29 of 1,000 are not more than it.
    return float(Decimal(match[1]) / (100 if match[2] else 1))


def require_attempts(
    funnel: Funnel,
    arguments: Sequence[object],
    first: Sequence[dict[str, object]],
    places: Mapping[str, str],
) -> None:
    """Refuse logs without a single attempt: they are the wrong input, whatever else is in them.

    Args:
        funnel: what became of the records.
        arguments: the log arguments.
        first: the first quarantine entries.
        places: where the log files lie that these name.

    Raises:
        InputError: there is none.
    """
    if funnel.attempts.total:
        return
    names = ", ".join(map(str, arguments[:3]))
    more = f" and {len(arguments) - 3} more" if len(arguments) > 3 else ""
    what = (
        f"{count_of(funnel.records, 'record')}, none of them an attempt"
        if funnel.records
        else "no records"
    )
    if funnel.quarantined:
        reason, count = funnel.quarantined.most_common(1)[0]
        entry = next((entry for entry in first if entry["reason"] == reason), None)
        where = ""
        if entry is not None:
            file = str(entry["file"])
            where = f", the first at {places.get(file, file)}:{entry['line'] or '-'}"
        what += f", most often {reason} ({count:,}{where})"
    raise InputError(
        f"{names}{more}: {what}; nothing is published: name attempt logs, or publish a dataset "
        "without pairs with --allow-empty"
    )


def _quarantined(funnel: Funnel, most: float) -> list[Refusal]:
    """Hold quarantined records against the records read, and damaged files against the files.

    An entry for a file is not one for a record, and nobody knows how many records were lost in it.
    """
    by_reason = funnel.quarantined
    damaged = sum(by_reason[reason] for reason in FILE_REASONS)
    files = funnel.files_read + by_reason["unreadable_file"]
    refusals = []
    for count, whole, what in (
        (by_reason.total() - damaged, funnel.records, "records are quarantined"),
        # Several ranges of one file may be damaged, each with an entry of its own.
        (min(damaged, files), files, "log files are damaged or unreadable"),
    ):
        if whole and count / whole > most:
            refusals.append(
                _refusal(
                    "max_quarantined",
                    f"--max-quarantined: {count:,} of {whole:,} {what} "
                    f"({_percent(count / whole)}), more than {_percent(most)}",
                    "mend the logs or raise it",
                )
            )
    return refusals


def _shrunk(pairs: int, previous: int | None, most: float) -> list[Refusal]:
    if not previous or (previous - pairs) / previous <= most:
        return []
    share = (previous - pairs) / previous
    return [
        _refusal(
            "max_shrink",
            f"--max-shrink: {pairs:,} pairs where the previous build has {previous:,} "
            f"({_percent(share)} fewer), more than {_percent(most)}",
            "see what became of the records, or raise it",
        )
    ]


def _pairs_of_previous(out: Path | RemotePath) -> int | None:
    """Return the pairs of the build that is to be replaced, None if there is none."""
    if not is_build(out):
        return None
    try:
        manifest = read_manifest(out)
    except InputError as error:
        raise InputError(f"{error.message}, or drop --max-shrink") from error
    return sum(int(shard["rows"]) for shard in manifest["shards"])


def _refusal(gate: Gate, what: str, advice: str) -> Refusal:
    return Refusal(gate, f"{what}; nothing is published: {advice}")


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
