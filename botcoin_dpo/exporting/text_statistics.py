"""Numbers about the texts of one config, as a model is trained on them.

Everything is counted from the examples that are kept, in memory that does not grow with them.
Contract: schemas/README.md, "Exports".
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botcoin_dpo.contract.distributions import Distribution, quantile
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.exporting.answer_text import answer_of, prompt_digest, word_overlap
from botcoin_dpo.exporting.label_weights import LabelWeights, suggested_weights
from botcoin_dpo.exporting.prompt_counts import PromptCounts
from botcoin_dpo.exporting.shortcuts import Shortcut, shortcut_warnings

SIDES = ("chosen", "rejected")


def _by_side() -> dict[str, Distribution]:
    return {side: Distribution() for side in SIDES}


@dataclass(slots=True)
class PairTexts:
    """How the two sides of pairs differ."""

    characters: dict[str, Distribution] = field(default_factory=_by_side)
    """By side."""
    steps: dict[str, Distribution] = field(default_factory=_by_side)
    longer: Shortcut = field(default_factory=Shortcut)
    more_steps: Shortcut = field(default_factory=Shortcut)
    overlaps: Counter[int] = field(default_factory=Counter)
    """Pairs by thousandths of the words that their sides share."""

    def add(self, values: JsonObject) -> None:
        """Add a pair."""
        chosen, rejected = (answer_of(values[side]) for side in SIDES)
        for side, answer in zip(SIDES, (chosen, rejected), strict=True):
            self.characters[side].add(answer.characters)
            self.steps[side].add(answer.steps)
        self.longer.add(chosen.characters, rejected.characters)
        self.more_steps.add(chosen.steps, rejected.steps)
        self.overlaps[round(1000 * word_overlap(chosen.text, rejected.text))] += 1

    def merge(self, other: "PairTexts") -> None:
        """Add the pairs of another."""
        for side in SIDES:
            self.characters[side].merge(other.characters[side])
            self.steps[side].merge(other.steps[side])
        self.longer.merge(other.longer)
        self.more_steps.merge(other.more_steps)
        self.overlaps.update(other.overlaps)

    @property
    def count(self) -> int:
        """How many there are."""
        return self.longer.pairs

    def overlap(self, share: float) -> float:
        """Return a quantile of the shared words; at least one pair is there."""
        return quantile(self.overlaps, share) / 1000

    def as_json(self) -> dict[str, Any]:
        """Return the numbers."""
        shares = {"p10": 0.1, "median": 0.5, "p90": 0.9}
        medians = {
            name: {side: of_side[side].quantile(0.5) for side in SIDES}
            for name, of_side in (("characters", self.characters), ("steps", self.steps))
        }
        return {
            "count": self.count,
            **medians,
            "longer": self.longer.as_json(),
            "more_steps": self.more_steps.as_json(),
            "word_overlap": {name: self.overlap(share) for name, share in shares.items()},
        }


@dataclass(slots=True)
class TextStatistics:
    """The numbers of one config; those of parts that follow one another can be joined."""

    prompts: PromptCounts = field(default_factory=PromptCounts)
    pairs: PairTexts = field(default_factory=PairTexts)
    labels: Counter[tuple[Split, bool]] = field(default_factory=Counter)
    """Examples that are labelled good or bad, by split."""

    def add(self, challenge: bytes, split: Split, values: JsonObject) -> None:
        """Add an example that is kept; those of a challenge stand together.

        Args:
            challenge: the digest of its challenge.
            split: where it is.
            values: the example by column.
        """
        self.prompts.add(challenge, prompt_digest(values))
        if all(side in values for side in SIDES):
            self.pairs.add(values)
        if "label" in values:
            self.labels[split, values["label"]] += 1

    def merge(self, other: "TextStatistics") -> None:
        """Add the examples that follow."""
        self.prompts.merge(other.prompts)
        self.pairs.merge(other.pairs)
        self.labels.update(other.labels)

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as `--json` prints them."""
        return {
            "prompts": self.prompts.as_json(),
            "pairs": self.pairs.as_json() if self.pairs.count else None,
            "labels": self._labels_as_json() if self.labels else None,
        }

    def _labels_as_json(self) -> dict[str, Any]:
        weights = self.weights
        return {
            **{
                split: {
                    "desirable": self.labels[split, True],
                    "undesirable": self.labels[split, False],
                }
                for split in SPLITS
            },
            "desirable_weight": weights and weights.desirable,
            "undesirable_weight": weights and weights.undesirable,
        }

    @property
    def weights(self) -> LabelWeights | None:
        """What balances the labels of the split that is trained on; None if one is missing."""
        return suggested_weights(self.labels["train", True], self.labels["train", False])


def warnings_of(by_config: Mapping[str, TextStatistics]) -> list[str]:
    """Return what should be known of the texts of some configs before training on them."""
    pairs = {name: texts.pairs for name, texts in by_config.items()}
    return shortcut_warnings(
        [(name, each.longer) for name, each in pairs.items()],
        [(name, each.more_steps) for name, each in pairs.items()],
    )
