"""Adds up the numbers of attempt logs: all is scanned and grouped as a build does it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.building.funnel import make_funnel
from botcoin_dpo.contract.rejections import Reason, Rejection
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance
from botcoin_dpo.errors import InputError, count_of
from botcoin_dpo.files.glob_patterns import is_pattern
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.logs.scan_logs import scan_in_scratch
from botcoin_dpo.pairing.pair_filter import PairFilter
from botcoin_dpo.pairing.pair_making import make_pairs
from botcoin_dpo.pairing.strategies import STRATEGIES
from botcoin_dpo.sessions.candidates import Session
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition
from botcoin_dpo.statistics.log_statistics import LogStatistics


def count_logs(
    place: Path | RemotePath, found: FoundLogs, engine: Engine, progress: Progress | None
) -> LogStatistics:
    """Return the numbers of attempt logs.

    Args:
        place: what the logs were found in, for messages.
        found: the logs.
        engine: runs the jobs.
        progress: called with bytes read.

    Raises:
        InputError: a log cannot be read, or none holds a record of an attempt log.
    """
    reasons: Counter[Reason] = Counter()
    statistics = LogStatistics()
    with scan_in_scratch(found.files, engine, progress) as scanned:
        reasons.update(scanned.rejected)
        counter = ProgressCounter(progress, "pairing", scanned.partitions)
        grouped = []
        partitions = scanned.references()
        for counted in run_jobs(engine, _count_partition, partitions, counter, scanned.in_place):
            statistics.merge(counted.statistics)
            reasons.update(counted.reasons)
            grouped.append(counted.grouped)
    statistics.funnel = make_funnel(
        files=scanned.files,
        skipped=found.skipped,
        grouped=grouped,
        pairs={},
        quarantined=reasons,
        dropped=Counter(),
    )
    funnel = statistics.funnel
    if funnel.records and funnel.not_recognised == funnel.records:
        advice = "name attempt logs, a built folder, or a file of rows"
        if isinstance(place, RemotePath) and is_pattern(place.key):
            advice = "a pattern names logs; of rows, name the built folder or one file"
        raise InputError(
            f"{place}: {count_of(funnel.records, 'record')}, none of them of an attempt log; "
            f"{advice}"
        )
    return statistics


@dataclass(slots=True)
class _CountedPartition:
    """The statistics of one partition."""

    statistics: LogStatistics = field(default_factory=LogStatistics)
    grouped: GroupingCounts = field(default_factory=GroupingCounts)
    reasons: Counter[Reason] = field(default_factory=Counter)


def _count_partition(references: References, in_place: RecordsInPlace) -> _CountedPartition:
    counted = _CountedPartition()
    reader = RecordReader(references.records(in_place))

    def reject(entry: Rejection) -> None:
        counted.reasons[entry.cause.reason] += 1

    for sessions in group_partition(
        references, reader, counted.grouped, reject, allow_unsafe_text=False
    ):
        loader = AttemptLoader(sessions, reader)
        _add_challenge(counted.statistics, sessions, loader)
    advance(1)
    return counted


def _add_challenge(
    statistics: LogStatistics, sessions: list[Session], loader: AttemptLoader
) -> None:
    for session in sessions:
        statistics.add_session(session)
        for candidate in session.attempts:
            statistics.add_attempt(loader.load(candidate))
    for name, strategy in STRATEGIES.items():
        accept = PairFilter(loader)
        statistics.would_pair[name] += sum(1 for _ in make_pairs(strategy, sessions, accept))
