"""Adds up the numbers of a dataset, or of attempt logs; content tells which of them it is."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.dataset.recognition import recognised
from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.files.local_paths import input_place
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
    place, kinds = input_place(path, "PATH"), checked_kinds(kinds)
    advice = "build first, or name a build or logs"
    engine = engine or make_engine(workers, [place])
    with recognised(place, advice) as found:
        if found.rows is None:
            # All that reads logs, which the statistics of rows do not need.
            from botcoin_dpo.statistics.counted_logs import count_logs

            return count_logs(place, found.logs, engine, progress)
        fold: Fold[DatasetStatistics] = Fold(DatasetStatistics, partial(_count_row, kinds=kinds))
        return RowFiles(found.rows).fold(fold, engine, progress, "counting")


def _count_row(statistics: DatasetStatistics, stored: StoredRow, kinds: Kinds) -> None:
    statistics.add(stored.row, kinds)
