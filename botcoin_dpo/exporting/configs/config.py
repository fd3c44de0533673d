"""One config of an export: a table of its own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.exporting.attempts import BuiltAttempt, BuiltInput
from botcoin_dpo.exporting.columns import TEXT, StructType
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import Texts

ARCHIVE = "pairs_"
"""How the names of configs start that hold rows as they are, whatever their texts and lengths."""

NAMED = {"challenge_id": TEXT, "challenge_domain": TEXT}
"""Columns that tell where an example comes from."""

AttemptExamples = Callable[[BuiltAttempt, str], Iterator[Example]]
"""Takes an attempt, and its completion, which all configs share."""

InputExamples = Callable[[BuiltInput], Iterator[Example]]


@dataclass(frozen=True)
class Config:
    """One config: a table of its own in the export."""

    name: str
    meaning: str
    """For the card."""
    trainer: str | None
    """TRL trainer that accepts this format."""
    columns: StructType
    pair_types: frozenset[PairType]
    """Rows of these are used."""
    examples: Callable[[Texts], Iterable[Example]]
    attempt_examples: AttemptExamples | None = None
    """Of an attempt object; there if the config holds attempts."""
    input_examples: InputExamples | None = None
    """Of a challenge object and the audits of its attempts; there if the config holds such."""

    def of_attempts(self) -> "Config":
        """Return the config as it is where all usable attempts are known: no row is used then."""
        return self if self.attempt_examples is None else replace(self, pair_types=frozenset())

    @property
    def is_of_attempts(self) -> bool:
        """Whether it takes attempt objects, or what they were made on, instead of rows."""
        return not self.pair_types

    @property
    def is_archive(self) -> bool:
        """Whether it holds rows as they are."""
        return self.name.startswith(ARCHIVE)


def nothing(texts: Texts) -> Iterator[Example]:
    """Yield nothing: a row does not have the verdicts on all attempts."""
    return iter(())
