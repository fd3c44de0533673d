"""Adds up the numbers of a dataset, or of attempt logs; content tells which of them it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.building.funnel import make_funnel
from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.contract.rejections import Reason, Rejection
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.dataset.recognition import recognised
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance
from botcoin_dpo.errors import InputError, count_of
from botcoin_dpo.files.local_paths import input_path
from botcoin_dpo.logs.discovery import FoundLogs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.logs.scan_logs import scan_in_scratch
from botcoin_dpo.pairing.pair_filter import PairFilter
from botcoin_dpo.pairing.pair_making import make_pairs
from botcoin_dpo.pairing.strategies import STRATEGIES
from botcoin_dpo.sessions.candidates import Session
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition
from botcoin_dpo.statistics.dataset_statistics import DatasetStatistics
from botcoin_dpo.statistics.log_statistics import LogStatistics


def stats(
    path: str | Path = "out",
    *,
    kinds: Iterable[Kind] = KINDS,
    workers: int = 1,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> DatasetStatistics | LogStatistics:
    """Return the numbers of a built folder or a file of rows, or of attempt logs.

    Args:
        path: what to look at.
        kinds: of constraints, those that are known.
        workers: processes that share the work.
        engine: runs the jobs, wherever it does, instead of these processes.
        progress: called with bytes read.

    Raises:
        UsageError: the path is empty or a URL, or a kind has no name of its own.
        InputError: the path cannot be read.
    """
    path, kinds = input_path(path, "PATH"), checked_kinds(kinds)
    advice = "build first, or name a build or logs"
    engine = engine or make_engine(workers)
    with recognised(path, advice) as found:
        if found.rows is None:
            return _log_statistics(path, found.logs, engine, progress)
        fold: Fold[DatasetStatistics] = Fold(DatasetStatistics, partial(_count_row, kinds=kinds))
        return RowFiles(found.rows).fold(fold, engine, progress, "counting")


def _count_row(statistics: DatasetStatistics, stored: StoredRow, kinds: Kinds) -> None:
    statistics.add(stored.row, kinds)


def _log_statistics(
    path: Path, found: FoundLogs, engine: Engine, progress: Progress | None
) -> LogStatistics:
    reasons: Counter[Reason] = Counter()
    statistics = LogStatistics()
    with scan_in_scratch(found.files, engine, progress) as scanned:
        reasons.update(scanned.rejected)
        counter = ProgressCounter(progress, "pairing", scanned.partitions)
        grouped = []
        partitions = scanned.references()
        for counted in run_jobs(engine, _count_partition, partitions, counter, scanned.reader):
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
        raise InputError(
            f"{path}: {count_of(funnel.records, 'record')}, none of them of an attempt log; "
            "name attempt logs, a built folder, or a file of rows"
        )
    return statistics


@dataclass(slots=True)
class _CountedPartition:
    """The statistics of one partition."""

    statistics: LogStatistics = field(default_factory=LogStatistics)
    grouped: GroupingCounts = field(default_factory=GroupingCounts)
    reasons: Counter[Reason] = field(default_factory=Counter)


def _count_partition(references: References, reader: RecordReader) -> _CountedPartition:
    counted = _CountedPartition()

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
            record = loader.load(candidate).record
            statistics.add_attempt(record, is_credited=candidate.is_credited)
    for name, strategy in STRATEGIES.items():
        accept = PairFilter(loader)
        statistics.would_pair[name] += sum(1 for _ in make_pairs(strategy, sessions, accept))
