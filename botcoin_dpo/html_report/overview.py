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
from botcoin_dpo.contract.audit_rules import FAST_RETRY_MS, LEVELS
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.html_report.training import Training
from botcoin_dpo.rows.row import pair_identity
from botcoin_dpo.statistics.dataset_statistics import DatasetStatistics
from botcoin_dpo.validation.near_duplicates import Sketches
from botcoin_dpo.viewing.pair_facts import NO_GROUND, PairFacts, pair_facts
from botcoin_dpo.viewing.signs import USUAL, levels_found, rank_of, signs_of

_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
REVISION_EDGES = (
    0, _SECOND, 2 * _SECOND, 5 * _SECOND, FAST_RETRY_MS, 20 * _SECOND, 30 * _SECOND, _MINUTE,
    2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 6 * _HOUR, 24 * _HOUR,
)  # fmt: skip
"""Milliseconds at which bins of revision times start; the last has no end."""

SIMILARITY_BIN = 50
"""Thousandths of a bin of similarities."""

MOST_ATTEMPTS = 10
"""The attempts of a session from this one on are counted together."""

_MOST_MODELS = 40


class Sampled(NamedTuple):
    """A pair that may be shown, and where its row lies."""

    rank: int
    """0 for the first to be shown, see `rank_of`."""
    hash: int
    number: int
    """Of the row in the dataset, from 1."""
    file: int
    start: int
    size: int
    facts: PairFacts
    signs: tuple[str, ...]
    gap: int | None
    """Tokens by which its chosen text is longer."""


@dataclass(slots=True)
class Overview:
    """What a report tells of the rows of a dataset."""

    most_sampled: int
    training: Training = field(default_factory=Training)
    statistics: DatasetStatistics = field(default_factory=DatasetStatistics)
    asked: dict[str, Tally] = field(default_factory=dict)
    """By kind of constraint and by model of the rejected attempt, the pairs that have one."""
    failed: dict[str, Tally] = field(default_factory=dict)
    """Those of them whose rejected side failed one."""
    repaired: Counter[str] = field(default_factory=Counter)
    """By kind, those of them whose chosen side passes all that the rejected one failed."""
    attempts: Counter[tuple[int, bool]] = field(default_factory=Counter)
    """Of pairs of one session: sides by index of the attempt and by whether they are chosen."""
    revision_times: Counter[int] = field(default_factory=Counter)
    """By index of `REVISION_EDGES`."""
    similarities: Counter[int] = field(default_factory=Counter)
    """By bin."""
    grounds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Verdicts of audits by side and by what they stand on."""
    miners: Tally = field(default_factory=Tally)
    signs: Counter[str] = field(default_factory=Counter)
    """Pairs by sign; besides those that are `timed`, and by level of
    what an audit found, also by level and side."""
    flagged: list[Sampled] = field(default_factory=list)
    sample: list[Sampled] = field(default_factory=list)
    documents: Sketches = field(default_factory=Sketches)

    def add(self, stored: StoredRow, kinds: Kinds = KINDS) -> None:
        """Add a row that fits its schema; its constraints may be of some kinds."""
        row = stored.row
        facts, notes = pair_facts(row, kinds), row["pair_annotations"]
        self.statistics.add(row, kinds)
        self.documents.add(row["document"], row["split"], row["challenge_id"])
        self._add_constraints(row, kinds)
        elapsed = facts.revision_time_ms
        if elapsed is not None:
            self.revision_times[max(0, bisect_right(REVISION_EDGES, elapsed) - 1)] += 1
        if facts.similarity is not None:
            self.similarities[min(19, round(1000 * facts.similarity) // SIMILARITY_BIN)] += 1
        if notes["pair_family"] == "session":
            self.attempts[min(facts.rejected_index, MOST_ATTEMPTS), False] += 1
            self.attempts[min(facts.chosen_index, MOST_ATTEMPTS), True] += 1
        if "audit" in row:
            self._add_grounds(row["audit"])
            self.signs.update(levels_found(row["audit"]["found_in"]))
        self.miners.add(row["metadata"]["miner_id"])
        gap, signs = self.training.add(row), signs_of(row, facts)
        self.signs.update(signs)
        self.signs["timed"] += elapsed is not None
        place = stored.file, stored.offset, stored.size
        hashed = xxhash.xxh3_64_intdigest(pair_identity(row))
        rank, number = rank_of(facts, signs), self.statistics.rows
        sampled = Sampled(rank, hashed, number, *place, facts, tuple(signs), gap)
        self.sample.append(sampled)
        if rank < USUAL:
            self.flagged.append(sampled)
        if max(len(self.sample), len(self.flagged)) > 2 * self.most_sampled:
            self._keep_sample()

    def merge(self, other: "Overview") -> None:
        """Add the numbers of the rows that follow."""
        before = self.statistics.rows
        for mine, theirs in ((self.sample, other.sample), (self.flagged, other.flagged)):
            mine += [each._replace(number=each.number + before) for each in theirs]
        self._keep_sample()
        self.statistics.merge(other.statistics)
        self.training.merge(other.training)
        for name in ("asked", "failed"):
            for kind, tally in getattr(other, name).items():
                getattr(self, name).setdefault(kind, Tally(_MOST_MODELS)).merge(tally)
        for name in ("repaired", "attempts", "revision_times", "similarities", "grounds", "signs"):
            getattr(self, name).update(getattr(other, name))
        self.miners.merge(other.miners)
        self.documents.merge(other.documents)

    def sampled(self) -> Sequence[Sampled]:
        """Return the pairs to show: three quarters flagged ones if there are enough, then any."""
        self._keep_sample()
        first = self.flagged[: self.most_sampled - self.most_sampled // 4]
        shown = {each.number for each in first}
        rest = [each for each in self.sample if each.number not in shown]
        return [*first, *rest[: self.most_sampled - len(first)]]

    @property
    def levels(self) -> dict[str, int]:
        """Pairs by level of what their audits found."""
        return {level: self.signs[level] for level in LEVELS}

    def _keep_sample(self) -> None:
        self.flagged = nsmallest(self.most_sampled, self.flagged)
        self.sample = nsmallest(self.most_sampled, self.sample, key=lambda each: each[1:])

    def _add_constraints(self, row: JsonObject, kinds: Kinds) -> None:
        notes = row["pair_annotations"]
        texts = row["constraints"][: int(notes["constraint_total"])]
        names = [constraint_kind(text, kinds) for text in texts]
        mended, left = (
            {names[index] for index in notes["constraint_flips"][name] if index < len(names)}
            for name in ("flipped_to_pass", "stayed_fail")
        )
        model = row["rejected_metadata"]["model"]
        for kinds_found, tallies in ((set(names), self.asked), (mended | left, self.failed)):
            for kind in kinds_found:
                tallies.setdefault(kind, Tally(_MOST_MODELS)).add(model)
        self.repaired.update(mended - left)

    def _add_grounds(self, audit: JsonObject) -> None:
        for side, verdicts in audit["verdicts"].items():
            known = 0
            for counts in audit["grounds"][side].values():
                known += sum(counts.values())
                for ground, count in counts.items():
                    self.grounds[side, ground] += count
            self.grounds[side, NO_GROUND] += max(0, sum(verdicts.values()) - known)
