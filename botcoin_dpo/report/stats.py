"""A dataset or attempt logs in, their numbers out: told apart by what is there."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from botcoin_dpo import schemas
from botcoin_dpo.builder import MEGABYTE, BuildOptions
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.reading import read_rows
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import InputError
from botcoin_dpo.funnel import make_funnel
from botcoin_dpo.logs.discovery import STANDARD_INPUT, find_logs, is_build
from botcoin_dpo.logs.places import Reason, SetAside
from botcoin_dpo.pairing.challenges import ScannedLogs, scan_logs, settle_all
from botcoin_dpo.pairing.sessions import SettleCounts, SettledChallenge
from botcoin_dpo.pairing.strategies import PAIR_TYPES, make_pairs
from botcoin_dpo.progress import Progress
from botcoin_dpo.report.dataset_statistics import DatasetStatistics
from botcoin_dpo.report.log_statistics import LogStatistics
from botcoin_dpo.rows.judging import PairJudge
from botcoin_dpo.rows.loading import AttemptLoader


def stats(
    path: str | Path = "out", *, progress: Progress | None = None
) -> DatasetStatistics | LogStatistics:
    """Return the numbers of a built folder or a file of rows, or of attempt logs.

    Raises:
        InputError: the path cannot be read.
    """
    path = Path(path)
    if str(path) != STANDARD_INPUT and not path.exists():
        raise InputError(f"{path}: no such file or folder; build first, or name a build or logs")
    if path.is_dir() and is_build(path):
        return _folder_statistics(path, progress)
    if path.is_file() and _holds_rows(path):
        statistics = DatasetStatistics()
        _add_rows(statistics, path, path.name)
        return statistics
    return _log_statistics(path, progress)


def _folder_statistics(folder: Path, progress: Progress | None) -> DatasetStatistics:
    manifest = read_manifest(folder)
    statistics = DatasetStatistics()
    total = sum(shard["bytes"] for shard in manifest["shards"])
    done = 0
    for shard in manifest["shards"]:
        _add_rows(statistics, folder / shard["path"], shard["path"])
        done += shard["bytes"]
        if progress is not None:
            progress("counting", done, total)
    return statistics


def _add_rows(statistics: DatasetStatistics, path: Path, name: str) -> None:
    for stored in read_rows(path, name):
        if stored.trouble is not None or not schemas.is_valid("pair", stored.row):
            raise InputError(f"{name}:{stored.line}: not a valid row; see botcoin-dpo validate")
        statistics.add(stored.row)


def _holds_rows(path: Path) -> bool:
    """Return whether the first record of a file is a row, not an attempt."""
    try:
        first = next(read_rows(path, path.name), None)
    except InputError:
        return False
    return first is not None and isinstance(first.row, dict) and "example_type" in first.row


def _log_statistics(path: Path, progress: Progress | None) -> LogStatistics:
    found = find_logs([path])
    reasons: Counter[Reason] = Counter()

    def set_aside(entry: SetAside) -> None:
        reasons[entry.fault.reason] += 1

    statistics = LogStatistics()
    options = BuildOptions()
    with (
        TemporaryDirectory(prefix="botcoin-dpo-") as scratch,
        scan_logs(
            found.files,
            Path(scratch),
            SingleProcess(),
            record_limit=int(options.max_record_mb * MEGABYTE),
            progress=progress,
        ) as scanned,
    ):
        for file in scanned.set_aside:
            reasons.update(file.by_reason)
        counts = SettleCounts()
        for challenge in settle_all(scanned, counts, set_aside):
            _add_challenge(statistics, challenge, scanned, options)
    statistics.funnel = make_funnel(
        files=scanned.files,
        skipped=found.skipped,
        settled=[counts],
        pairs={},
        set_aside=reasons,
        dropped=Counter(),
    )
    funnel = statistics.funnel
    if funnel.records and funnel.not_recognised == funnel.records:
        raise InputError(
            f"{path}: {funnel.records} records, none of them of an attempt log; "
            "name attempt logs, a built folder, or a file of rows"
        )
    return statistics


def _add_challenge(
    statistics: LogStatistics,
    challenge: SettledChallenge,
    scanned: ScannedLogs,
    options: BuildOptions,
) -> None:
    loader = AttemptLoader(challenge.sessions, scanned.store)
    for session in challenge.sessions:
        statistics.add_session(session)
        for candidate in session.attempts:
            record = loader.load(candidate).record
            statistics.add_attempt(record, is_credited=candidate.may_be_chosen)
    for pair_type in PAIR_TYPES:
        accept = PairJudge(loader)
        pairs = make_pairs(pair_type, challenge.sessions, accept, options.max_per_challenge)
        statistics.would_pair[pair_type] += len(pairs)
