"""Log files in, the challenges that they hold out, in output order and ready to pair.

The way that `build`, `stats` and `read_attempts` share: scan every file, then settle one partition
after the other. Memory holds the packed references and one partition.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from botcoin_dpo.engines import Engine
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.logs.discovery import LogFile
from botcoin_dpo.logs.places import SetAside
from botcoin_dpo.logs.refs import Partitions, unpack_attempts, unpack_challenges
from botcoin_dpo.logs.scan import ScanJob, ScannedFile, scan_file
from botcoin_dpo.logs.store import RecordStore, spool_path
from botcoin_dpo.pairing.sessions import SettleCounts, SettledChallenge, settle
from botcoin_dpo.progress import Progress

_PARTITION_BYTES = 128 * 10**6
_MOST_PARTITIONS = 4096
_EXPANSION = 8
"""How much larger than its file a compressed log is taken to be, for planning only."""


@dataclass(slots=True)
class ScannedLogs:
    """All log files, scanned."""

    partitions: Partitions
    store: RecordStore
    files: list[ScannedFile] = field(default_factory=list)


def scan_logs(
    files: Sequence[LogFile],
    scratch: Path,
    set_aside: Callable[[SetAside], None],
    engine: Engine,
    *,
    record_limit: int,
    progress: Progress | None = None,
) -> ScannedLogs:
    """Scan all log files.

    Args:
        files: the files, in order.
        scratch: a folder for copies of what cannot be read twice.
        set_aside: takes what cannot be used.
        engine: runs the scans.
        record_limit: most bytes of a record.
        progress: is told of bytes read.

    Raises:
        InputError: nothing in any file can be read.
    """
    spool = scratch / "spool"
    with writing(spool):
        spool.mkdir()
    scanned = ScannedLogs(Partitions(_partition_count(files)), RecordStore(files, spool))
    jobs = [
        ScanJob(position, file, record_limit, spool_path(spool, position, file))
        for position, file in enumerate(files)
    ]
    total = sum(file.size for file in files)
    done = 0

    def on_read(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress("reading", done, max(done, total))

    scan = partial(scan_file, partitions=scanned.partitions, set_aside=set_aside, on_read=on_read)
    scanned.files.extend(engine.run(scan, jobs))
    if not any(file.is_readable for file in scanned.files):
        names = ", ".join(file.name for file in scanned.files[:3])
        more = f" and {len(scanned.files) - 3} more" if len(scanned.files) > 3 else ""
        raise InputError(f"{names}{more}: cannot be read; check permissions and file types")
    return scanned


def settle_partition(
    number: int,
    scanned: ScannedLogs,
    counts: SettleCounts,
    set_aside: Callable[[SetAside], None],
    *,
    allow_unsafe_text: bool,
) -> Iterator[SettledChallenge]:
    """Yield the challenges of one partition, in output order; see `settle`."""
    return settle(
        list(unpack_attempts(scanned.partitions.attempts[number])),
        list(unpack_challenges(scanned.partitions.challenges[number])),
        scanned.store,
        counts,
        set_aside,
        allow_unsafe_text=allow_unsafe_text,
    )


def settle_all(
    scanned: ScannedLogs,
    counts: SettleCounts,
    set_aside: Callable[[SetAside], None],
    *,
    allow_unsafe_text: bool = False,
) -> Iterator[SettledChallenge]:
    """Yield the challenges of all partitions, in output order, one after the other."""
    for number in range(len(scanned.partitions.attempts)):
        yield from settle_partition(
            number, scanned, counts, set_aside, allow_unsafe_text=allow_unsafe_text
        )


def _partition_count(files: Sequence[LogFile]) -> int:
    """Return a power of two; it shapes memory only, never the output."""
    expected = sum(file.size * (_EXPANSION if file.compression else 1) for file in files)
    if any(file.path is None for file in files):
        expected += 64 * _PARTITION_BYTES
    wanted = min(max(1, expected // _PARTITION_BYTES), _MOST_PARTITIONS)
    return 1 << (wanted - 1).bit_length()
