"""What shapes the content of a build; all of it stands in the manifest."""

from dataclasses import dataclass, field
from typing import Any

from botcoin_dpo.contract.limits import (
    DEFAULT_RECORD_MB,
    LARGEST_RECORD_MB,
    LARGEST_SHARD_MB,
)
from botcoin_dpo.contract.numbers import plain
from botcoin_dpo.contract.pair_conditions import PairChoice
from botcoin_dpo.contract.pair_types import in_order
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.dataset.excluded_pairs import ExcludedPairs
from botcoin_dpo.dataset.parts import PartKey, part_keys
from botcoin_dpo.errors import UsageError
from botcoin_dpo.pairing.strategies import STRATEGIES
from botcoin_dpo.pairing.strategy import Strategy


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What shapes the content of a build."""

    pairs: tuple[Strategy, ...] = (STRATEGIES["sequential"],)
    splits: Shares = field(default_factory=Shares)
    max_per_prompt: int | None = None
    """Most pairs of a challenge and pair type; None for what the strategy says."""
    shard_mb: float = 500
    max_record_mb: float = DEFAULT_RECORD_MB
    allow_unsafe_text: bool = False
    audit: bool = False
    choice: PairChoice = field(default_factory=PairChoice)
    """Which pairs stay, by what they are like."""
    exclude: ExcludedPairs = field(default_factory=ExcludedPairs)
    """Which pairs of these do not stay, by their ids."""
    attempts: bool = False
    """Write every usable attempt and its challenge beside the rows."""

    def __post_init__(self) -> None:
        if self.max_per_prompt is not None and self.max_per_prompt < 1:
            raise UsageError("--max-per-prompt: must be at least 1")
        if not 0 < self.shard_mb <= LARGEST_SHARD_MB:
            raise UsageError(f"--shard-mb: must be more than 0 and at most {LARGEST_SHARD_MB}")
        if not 0 < self.max_record_mb <= LARGEST_RECORD_MB:
            raise UsageError(
                f"--max-record-mb: must be more than 0 and at most {LARGEST_RECORD_MB}"
            )

    @property
    def part_keys(self) -> list[PartKey]:
        """What there may be rows and objects of, in the order of the files that hold them."""
        return part_keys(in_order(strategy.name for strategy in self.pairs))

    def as_json(self) -> dict[str, Any]:
        """Return the options as they stand in the manifest."""
        return {
            "pairs": [strategy.name for strategy in self.pairs],
            "splits": list(self.splits),
            "max_per_prompt": self.max_per_prompt,
            "shard_mb": plain(float(self.shard_mb)),
            "max_record_mb": plain(float(self.max_record_mb)),
            "allow_unsafe_text": self.allow_unsafe_text,
            "audit": self.audit,
            **self.choice.as_json(),
            # Left out otherwise, so that a build without them has the bytes that it always had.
            **({"exclude": self.exclude.as_json()} if self.exclude else {}),
            **({"attempts": True} if self.attempts else {}),
        }
