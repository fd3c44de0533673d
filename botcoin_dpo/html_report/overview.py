"""Collects what a report says of all rows; memory does not grow with them.

Numbers that `stats` has as well come from there. Which pairs are sampled is decided by a hash of
each pair, so that the same pairs are shown whatever the files and the number of workers.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import NamedTuple

import xxhash

from botcoin_dpo.constraints.kinds import KINDS, Kinds, constraint_kind
from botcoin_dpo.contract.audit_rules import FAST_RETRY_MS
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import has_revision
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.exporting.trained_rows import TrainedRows
from botcoin_dpo.rows.row import pair_identity
from botcoin_dpo.statistics.dataset_statistics import DatasetStatistics
from botcoin_dpo.validation.near_duplicates import Sketches
from botcoin_dpo.viewing.pair_facts import PairFacts, pair_facts

_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
REVISION_EDGES = (
    0, _SECOND, 2 * _SECOND, 5 * _SECOND, FAST_RETRY_MS, 20 * _SECOND, 30 * _SECOND, _MINUTE,
    2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 6 * _HOUR, 24 * _HOUR,
)  # fmt: skip
"""Milliseconds at which bins of revision times start; the last has no end."""

LENGTH_BIN = 512
"""Tokens of a bin of lengths."""

LONGEST_BIN = 128
"""The last bin of lengths, which holds all that is longer."""

MOST_STEPS = 20
"""Traces that differ by more steps count as differing by this many."""

SIMILARITY_BIN = 50
"""Thousandths of a bin of similarities."""

_MOST_DOMAINS = 40
_NEARLY_EQUAL = 0.98
TRAINING_LIMITS = (1024, 2048, 4096, 8192, 16384, 32768)
"""Values of `max_length` that people train with; the first is TRL's default."""


class Sampled(NamedTuple):
    """A pair that may be shown, and where its row lies."""

    hash: int
    number: int
    """Of the row in the dataset, from 1."""
    file: int
    start: int
    size: int
    facts: PairFacts


@dataclass(slots=True)
class Overview:
    """What a report tells of the rows of a dataset."""

    most_sampled: int
    statistics: DatasetStatistics = field(default_factory=DatasetStatistics)
    trained: TrainedRows = field(default_factory=TrainedRows)
    """Numbers of the texts as an export makes them."""
    failed: dict[str, Tally] = field(default_factory=dict)
    """By kind of constraint and by domain, the pairs whose rejected side failed one."""
    repaired: dict[str, Tally] = field(default_factory=dict)
    """Those of them whose chosen side passes all that the rejected one failed."""
    revision_times: Counter[int] = field(default_factory=Counter)
    """By index of `REVISION_EDGES`."""
    step_changes: Counter[int] = field(default_factory=Counter)
    """Chosen - rejected steps."""
    chosen_lengths: Counter[int] = field(default_factory=Counter)
    """Estimated tokens of prompt and chosen answer as an export makes them, by bin."""
    rejected_lengths: Counter[int] = field(default_factory=Counter)
    similarities: Counter[int] = field(default_factory=Counter)
    """By bin."""
    over_limit: Counter[int] = field(default_factory=Counter)
    """Pairs with a side of more tokens than each of `TRAINING_LIMITS`."""
    miners: Tally = field(default_factory=Tally)
    signs: Counter[str] = field(default_factory=Counter)
    """How many pairs have what may be worth a warning; the names are in `add`."""
    sample: list[Sampled] = field(default_factory=list)
    documents: Sketches = field(default_factory=Sketches)

    def add(self, stored: StoredRow, kinds: Kinds = KINDS) -> None:
        """Add a row that fits its schema; its constraints may be of some kinds."""
        row = stored.row
        facts, notes = pair_facts(row, kinds), row["pair_annotations"]
        self.statistics.add(row, kinds)
        self.documents.add(row["document"], row["split"], row["challenge_id"])
        self._add_constraints(row, kinds)
        elapsed = notes["revision_time_ms"]
        if elapsed is not None:
            self.revision_times[max(0, bisect_right(REVISION_EDGES, elapsed) - 1)] += 1
            self.signs["timed"] += 1
            self.signs["fast"] += elapsed < FAST_RETRY_MS
        change = notes["trace_shape_delta"]["total_steps"]
        if isinstance(change, int | float):
            self.step_changes[int(max(-MOST_STEPS, min(MOST_STEPS, change)))] += 1
        if facts.similarity is not None:
            self.similarities[min(19, round(1000 * facts.similarity) // SIMILARITY_BIN)] += 1
            self.signs["nearly_equal"] += facts.similarity >= _NEARLY_EQUAL
        self._add_lengths(row)
        self.miners.add(row["metadata"]["miner_id"])
        self.signs["equal_artifacts"] += row["chosen"]["artifact"] == row["rejected"]["artifact"]
        self.signs["speaks_of_before"] += has_revision(row["chosen"]["think"])
        rate = row["chosen_metadata"]["trace_validation"].get("citation_match_rate")
        self.signs["unmatched"] += isinstance(rate, int | float) and rate < 1
        hashed = xxhash.xxh3_64_intdigest(pair_identity(row))
        number = self.statistics.rows
        place = stored.file, stored.offset, stored.size
        self.sample.append(Sampled(hashed, number, *place, facts))
        if len(self.sample) > 2 * self.most_sampled:
            self._keep_sample()

    def merge(self, other: "Overview") -> None:
        """Add the numbers of the rows that follow."""
        before = self.statistics.rows
        self.sample += [each._replace(number=each.number + before) for each in other.sample]
        self._keep_sample()
        self.statistics.merge(other.statistics)
        self.trained.merge(other.trained)
        for mine, theirs in ((self.failed, other.failed), (self.repaired, other.repaired)):
            for kind, tally in theirs.items():
                mine.setdefault(kind, Tally(_MOST_DOMAINS)).merge(tally)
        for name in (
            "revision_times", "step_changes", "chosen_lengths", "rejected_lengths", "similarities",
            "over_limit", "signs",
        ):  # fmt: skip
            getattr(self, name).update(getattr(other, name))
        self.miners.merge(other.miners)
        self.documents.merge(other.documents)

    def sampled(self) -> Sequence[Sampled]:
        """Return the pairs to show, in an order that tells nothing of them."""
        self._keep_sample()
        return self.sample

    def _keep_sample(self) -> None:
        self.sample = nsmallest(self.most_sampled, self.sample)

    def _add_constraints(self, row: JsonObject, kinds: Kinds) -> None:
        flips, domain = row["pair_annotations"]["constraint_flips"], row["challenge_domain"]
        names = [constraint_kind(text, kinds) for text in row["constraints"]]
        mended, left = (
            {names[index] for index in flips[name] if index < len(names)}
            for name in ("flipped_to_pass", "stayed_fail")
        )
        for kinds_found, tallies in ((mended | left, self.failed), (mended - left, self.repaired)):
            for kind in kinds_found:
                tallies.setdefault(kind, Tally(_MOST_DOMAINS)).add(domain)

    def _add_lengths(self, row: JsonObject) -> None:
        measured = self.trained.add(row)
        if measured is None:
            return
        for side, lengths in (("chosen", self.chosen_lengths), ("rejected", self.rejected_lengths)):
            tokens = measured["prompt"] + measured[side]
            lengths[min(LONGEST_BIN, tokens // LENGTH_BIN)] += 1
        for limit in TRAINING_LIMITS:
            self.over_limit[limit] += measured["whole"] > limit
