"""Builds one partition: the second of the two functions that carry a build.

References of whole challenges become rows; `logs/scan.py` is the first function.
Contract: schemas/README.md, "Pairing", "The row", "Audit".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.facts import attempt_facts, challenge_facts
from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.building.pair_rows import PairRows
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.rejections import Cause, Reason, Rejection
from botcoin_dpo.contract.schemas import SchemaName, row_schema
from botcoin_dpo.contract.splits import Split, split_of
from botcoin_dpo.dataset.parts import PartKey, PartSize, PartWriter
from botcoin_dpo.engines.blobs import Sink
from botcoin_dpo.engines.progress import advance
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.rejected_records import RejectionWriter
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.pairing.pair_filter import PairFilter
from botcoin_dpo.pairing.pair_making import make_pairs
from botcoin_dpo.sessions.candidates import Candidate, Session
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition


@dataclass(slots=True)
class PartitionCounts:
    """What became of the attempts and pairs of one partition."""

    grouped: GroupingCounts = field(default_factory=GroupingCounts)
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class BuiltPartition:
    """What is told of one partition that was built, beside what is in bins."""

    counts: PartitionCounts
    parts: dict[PartKey, PartSize]
    """Of its rows; of its attempts and challenges, if they are asked for."""
    rejections: Counter[Reason]
    """How many records were quarantined, and why."""


def build_partition(
    references: References, in_place: RecordsInPlace, options: BuildOptions, sink: Sink
) -> BuiltPartition:
    """Build one partition.

    Args:
        references: its records.
        in_place: reads those again that do not travel with their references.
        options: what shapes the rows.
        sink: takes rows and objects (`part_keys`), and behind them the quarantine entries.
    """
    built = _PartitionBuilder(references, in_place, options, sink).build()
    advance(1)
    return built


class _PartitionBuilder:
    """One partition, while it is built."""

    def __init__(
        self, references: References, in_place: RecordsInPlace, options: BuildOptions, sink: Sink
    ) -> None:
        self.references, self.options = references, options
        self.reader = RecordReader(references.records(in_place))
        self.row_schema = row_schema({each.name: each.family for each in options.pairs})
        self.counts = PartitionCounts()
        self.parts = PartWriter(options.part_keys, sink)
        self.rejections = RejectionWriter(sink, len(options.part_keys))

    def build(self) -> BuiltPartition:
        challenges = group_partition(
            self.references,
            self.reader,
            self.counts.grouped,
            self.rejections.add,
            allow_unsafe_text=self.options.allow_unsafe_text,
        )
        for sessions in challenges:
            loader = AttemptLoader(sessions, self.reader)
            unfit: set[Candidate] = set()
            if any(session.is_credited for session in sessions):
                self._build_pairs(sessions, loader, unfit)
            if self.options.attempts:
                self._write_attempts(sessions, loader, unfit)
        return BuiltPartition(self.counts, self.parts.finish(), self.rejections.by_reason)

    def _build_pairs(
        self, sessions: Sequence[Session], loader: AttemptLoader, unfit: set[Candidate]
    ) -> None:
        """Write the rows of one challenge; `unfit` takes attempts whose row does not fit."""
        dropped = self.counts.dropped
        for strategy in self.options.pairs:
            accept = PairFilter(loader, dropped)
            rows = PairRows(strategy, loader, self.options, self.row_schema, dropped)
            most = self.options.max_per_prompt
            for pair in make_pairs(
                strategy, sessions, accept, most, stays=rows.stays, dropped=dropped
            ):
                row = rows.pop(pair)
                self.parts.add(row, (strategy.name, row["split"]))
            for candidate, rejection in rows.unfit.items():
                if candidate not in unfit:  # one reason a record
                    unfit.add(candidate)
                    self.rejections.add(rejection)

    def _write_attempts(
        self, sessions: Sequence[Session], loader: AttemptLoader, unfit: set[Candidate]
    ) -> None:
        """Write the attempts of one challenge, and what each of their inputs was, once."""
        written: dict[str, Split] = {}
        for candidate, attempt, audit in self._attempts(sessions, loader):
            challenge = challenge_facts(attempt)
            split = written.get(challenge["input"])
            challenge["split"] = split or split_of(challenge["document"], self.options.splits)
            facts = attempt_facts(attempt, challenge) | audit
            cause = _misfit("attempt_facts", facts)
            if cause is None and split is None:
                cause = _misfit("challenge_facts", challenge)
            if cause is not None:
                if candidate not in unfit:  # one reason a record
                    place = candidate.ref.location.place
                    self.rejections.add(Rejection(place, cause, facts["record_id"]))
                continue
            if split is None:
                written[challenge["input"]] = challenge["split"]
                self.parts.add(challenge, "challenges")
            self.parts.add(facts, "attempts")

    def _attempts(
        self, sessions: Sequence[Session], loader: AttemptLoader
    ) -> Iterator[tuple[Candidate, Attempt, JsonObject]]:
        """Yield every usable attempt of a challenge, and the verdicts on it if they are wanted."""
        if not self.options.audit:
            for session in sessions:
                for candidate in session.attempts:
                    yield candidate, loader.load(candidate), {}
            return
        from botcoin_dpo.auditing.challenge_audit import audit_challenge
        from botcoin_dpo.auditing.details import details_of

        for audited in audit_challenge(sessions, loader):
            details = details_of(audited.subject, audited.audit)
            yield audited.candidate, audited.attempt, {"audit": details}


def _misfit(name: SchemaName, value: JsonObject) -> Cause | None:
    """Return why an object does not fit its schema, None if it does."""
    if schemas.is_valid(name, value):
        return None
    problem = schemas.first_violation(name, value)
    return Cause("row_schema_violation", f"{problem.pointer}: {problem.message}")
