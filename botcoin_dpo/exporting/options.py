"""What an export leaves out, and how it writes the rest."""

from dataclasses import dataclass

from botcoin_dpo.contract.pair_conditions import PairChoice
from botcoin_dpo.dataset.excluded_pairs import ExcludedPairs
from botcoin_dpo.exporting.tables import (
    TableFormat,
)
from botcoin_dpo.exporting.texts import TextStyle
from botcoin_dpo.exporting.thinking import (
    ThinkingStyle,
)


@dataclass(frozen=True)
class ExportOptions:
    """What was asked for, checked."""

    format: TableFormat
    text: TextStyle
    thinking: ThinkingStyle
    key: bytes | None
    """Makes digests of miner ids; None leaves the ids as they are."""
    max_tokens: int | None
    """Longer examples are dropped."""
    choice: PairChoice
    """Which rows stay, by what they are like."""
    excluded: ExcludedPairs
    """Rows that do not stay, by their ids."""
