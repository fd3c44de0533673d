"""What training on a dataset needs: lengths by config of an export, and how the two sides differ.

The configs, their clean texts and all numbers are those of `export`, so the page and the card
of an export tell the same numbers. Configs of attempts are not made of rows and are left out.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from botcoin_dpo.contract.distributions import Distribution
from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.configs.catalogue import available_configs
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.configs.preferences import DPO_REASONING
from botcoin_dpo.exporting.lengths import Estimate, Lengths
from botcoin_dpo.exporting.max_length import recommended_max_length
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.text_statistics import PairTexts, TextStatistics
from botcoin_dpo.exporting.texts import Texts
from botcoin_dpo.viewing.list_facts import length_gap

LIMITS = (1024, 2048, 4096, 8192, 16384, 32768)
"""Values of `max_length` that people train with; the first is TRL's default."""

GAP_EDGES = (-400, -200, -100, -50, -10, 11, 51, 101, 201, 401)
"""Tokens by which chosen is longer at which bins start, after one that has no start."""

_estimate = Estimate()


@dataclass(slots=True)
class Training:
    """The lengths of the examples that an export would make of rows."""

    has_attempts: bool = False
    """Whether the build has all attempts, of which some configs are made then."""
    lengths: dict[str, Lengths] = field(default_factory=dict)
    """By config."""
    texts: dict[str, TextStatistics] = field(default_factory=dict)
    """By config of pairs as strings."""
    gaps: dict[str, Distribution] = field(default_factory=dict)
    """By pair type, chosen - rejected tokens."""
    gap_bins: dict[str, Counter[int]] = field(default_factory=dict)
    """The same by bin, see `GAP_EDGES`."""

    def add(self, row: JsonObject) -> int | None:
        """Add a row; return by how many tokens its chosen text is longer, None if not known."""
        texts, kind = Texts(row, "clean"), row["pair_annotations"]["pair_type"]
        for config in _configs(kind, self.has_attempts):
            for example in config.examples(texts):
                if example.values is not None and not unsafe_text_in(example.values):
                    lengths = self.lengths.setdefault(config.name, Lengths(_estimate))
                    lengths.add(lengths.measure(example.values))
                    if config.name.startswith(DPO_REASONING):
                        of_texts = self.texts.setdefault(config.name, TextStatistics())
                        challenge = challenge_hash(row["challenge_id"])
                        of_texts.add(challenge, row["split"], example.values)
        gap = length_gap(texts)
        if gap is None:
            return None
        self.gaps.setdefault(kind, Distribution()).add(gap)
        self.gap_bins.setdefault(kind, Counter())[sum(gap >= edge for edge in GAP_EDGES)] += 1
        return gap

    def merge(self, other: "Training") -> None:
        """Add the numbers of other rows."""
        for name, lengths in other.lengths.items():
            self.lengths.setdefault(name, Lengths(_estimate)).merge(lengths)
        for name, texts in other.texts.items():
            self.texts.setdefault(name, TextStatistics()).merge(texts)
        for kind, gaps in other.gaps.items():
            self.gaps.setdefault(kind, Distribution()).merge(gaps)
            self.gap_bins.setdefault(kind, Counter()).update(other.gap_bins[kind])

    @property
    def max_lengths(self) -> dict[str, int]:
        """The `max_length` by config that loses no example, as an export recommends it."""
        return {name: lengths.max_length(1.0) for name, lengths in sorted(self.lengths.items())}

    @property
    def max_length(self) -> int | None:
        """The one that is recommended for pairs, as a card tells it; None without pairs."""
        return recommended_max_length(self.max_lengths)

    @property
    def pairs(self) -> PairTexts:
        """How the two sides of all pairs as strings differ."""
        joined = PairTexts()
        for texts in self.texts.values():
            joined.merge(texts.pairs)
        return joined


@cache
def _configs(kind: PairType, has_attempts: bool) -> tuple[Config, ...]:
    """Return the trainable configs that an export makes of rows of a pair type."""
    configs = available_configs((kind,), has_attempts=has_attempts)
    return tuple(each for each in configs if each.pair_types and not each.is_archive)
