"""Numbers of rows as an export makes them: of pairs as strings, clean, with estimated lengths.

What tells of a build before it is exported, such as the report, counts with it and so tells the
numbers of the card. Rows are added in parts, and the parts joined in order.
"""

from dataclasses import dataclass, field
from functools import cache

from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.configs.config import Config
from botcoin_dpo.exporting.configs.preferences import dpo_reasoning
from botcoin_dpo.exporting.lengths import Estimate, Lengths
from botcoin_dpo.exporting.max_length import recommended_max_length
from botcoin_dpo.exporting.safety import unsafe_text_in
from botcoin_dpo.exporting.text_statistics import TextStatistics, warnings_of
from botcoin_dpo.exporting.texts import Texts


@cache
def _config(pair_type: PairType) -> Config:
    return dpo_reasoning(pair_type)


@dataclass(slots=True)
class TrainedRows:
    """Lengths and texts of the rows that an export keeps, by config."""

    lengths: dict[str, Lengths] = field(default_factory=dict)
    texts: dict[str, TextStatistics] = field(default_factory=dict)

    def add(self, row: JsonObject) -> dict[str, int] | None:
        """Add a row that fits its schema.

        Returns:
            The tokens of its example by part, as `Lengths.measure` does; None where an export
            drops it.
        """
        config = _config(row["pair_annotations"]["pair_type"])
        [example] = config.examples(Texts(row, "clean"))
        if example.values is None or unsafe_text_in(example.values):
            return None
        lengths = self.lengths.setdefault(config.name, Lengths(Estimate()))
        measured = lengths.measure(example.values)
        lengths.add(measured)
        texts = self.texts.setdefault(config.name, TextStatistics())
        texts.add(challenge_hash(row["challenge_id"]), row["split"], example.values)
        return measured

    def merge(self, other: "TrainedRows") -> None:
        """Add the rows that follow."""
        for name, lengths in other.lengths.items():
            self.lengths.setdefault(name, Lengths(Estimate())).merge(lengths)
        for name, texts in other.texts.items():
            self.texts.setdefault(name, TextStatistics()).merge(texts)

    @property
    def max_length(self) -> int | None:
        """What is recommended for all pairs; None where an export drops all of them."""
        return recommended_max_length(
            {name: lengths.max_length(1.0) for name, lengths in self.lengths.items()}
        )

    @property
    def warnings(self) -> list[str]:
        """What should be known before training on the texts."""
        return warnings_of(self.texts)
