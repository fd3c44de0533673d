"""Log files in, the challenges that they hold out, in output order and ready to pair.

The way that `build`, `stats` and `read_attempts` share: scan every segment, then settle one
partition after the other. Memory holds one partition for each worker.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.logs.discovery import LogFile
from botcoin_dpo.logs.index import FormerIndex, KnownSegment, hash_segment
from botcoin_dpo.logs.places import Fault, Place, SetAside
from botcoin_dpo.logs.scan import ScanCounts, ScannedSegment, Scanner
from botcoin_dpo.logs.segments import Segments, digest_of_blocks
from botcoin_dpo.logs.set_aside import SetAsideFile, SetAsideWriter
from botcoin_dpo.logs.shelves import Shelves
from botcoin_dpo.logs.store import RecordStore
from botcoin_dpo.pairing.sessions import SettleCounts, SettledChallenge, settle
from botcoin_dpo.progress import Meter, Progress

PARTITION_BYTES = 32 * 10**6
"""Bytes of logs that a partition is planned to hold."""

_MOST_PARTITIONS = 4096
_MOST_OFFSETS = 4 * 10**6
"""Where the partitions of all segments begin on disk is held in memory, 16 bytes each."""

_EXPANSION = 8
"""How much larger than its file a compressed log is taken to be, for planning only."""


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What the scans tell of a log file."""

    name: str
    size: int
    """Bytes read from disk."""
    digest: str
    """XXH3-128 of those bytes by blocks, in hexadecimal."""
    is_readable: bool
    counts: ScanCounts


@dataclass(frozen=True, slots=True)
class ScannedLogs:
    """All log files, scanned."""

    segments: Segments
    files: list[ScannedFile]
    set_aside: list[SetAsideFile]
    """What cannot be used, by segment."""
    shelves: Shelves
    partitions: int
    store: RecordStore
    index: list[Path]
    """Frames of the index, by segment."""


@contextmanager
def scan_logs(
    files: Sequence[LogFile],
    scratch: Path,
    engine: Engine,
    *,
    record_limit: int,
    partition_bytes: int = PARTITION_BYTES,
    former: FormerIndex | None = None,
    progress: Progress | None = None,
) -> Iterator[ScannedLogs]:
    """Scan all log files, and yield what they hold as long as it is needed.

    Args:
        files: the files, in order.
        scratch: a folder for references, entries set aside, copies of what cannot be read twice.
        engine: runs the scans.
        record_limit: most bytes of a record.
        partition_bytes: bytes of logs that a partition is planned to hold.
        former: what is known of files from a former build.
        progress: is told of bytes read.

    Raises:
        InputError: nothing in any file can be read.
    """
    spool, folder = scratch / "spool", scratch / "scans"
    with writing(scratch):
        spool.mkdir()
        folder.mkdir()
    segments = Segments(files)
    meter = Meter(progress, "reading", sum(segment.size for segment in segments))
    partitions = _partition_count(files, partition_bytes)
    known = {} if former is None else _known_segments(former, segments, engine, progress)
    scanner = Scanner(folder, spool, partitions, record_limit, meter, known)
    scanned: dict[int, ScannedSegment] = {}
    # A worker has no standard input.
    here = [segment for segment in segments if segment.file.path is None]
    elsewhere = [segment for segment in segments if segment.file.path is not None]
    for runner, jobs in ((SingleProcess(), here), (engine, elsewhere)):
        results = runner.run(scanner.scan, jobs, meter)
        scanned.update(zip((job.number for job in jobs), results, strict=True))
    in_order = [scanned[segment.number] for segment in segments]
    segments.count_lines([segment.lines_ended for segment in in_order])
    store = RecordStore(segments, spool)
    with store:
        yield ScannedLogs(
            segments,
            _by_file(segments, in_order),
            [
                *(segment.set_aside for segment in in_order),
                _lost_ranges(segments, in_order, folder / "ranges.set-aside"),
            ],
            Shelves([shelf for segment in in_order for shelf in segment.shelves], partitions),
            partitions,
            store,
            [segment.index for segment in in_order],
        )


def _lost_ranges(segments: Segments, scanned: Sequence[ScannedSegment], path: Path) -> SetAsideFile:
    """Return entries for ranges that could not be read of files that otherwise could."""
    set_aside = SetAsideWriter(path)
    is_file_readable = False
    for segment, result in zip(segments, scanned, strict=True):
        if segment.start == 0:
            is_file_readable = result.is_readable
        elif is_file_readable and not result.is_readable:
            place = Place(segment.number, 1, segment.start)
            set_aside.add(SetAside(place, Fault("truncated_file", result.damage or "")))
    return set_aside.finish()


def _known_segments(
    former: FormerIndex, segments: Segments, engine: Engine, progress: Progress | None
) -> dict[int, KnownSegment]:
    """Return the segments of files that are what they were in a former build."""
    candidates = former.candidates(segments)
    meter = Meter(progress, "comparing", len(candidates))
    return former.known(candidates, list(engine.run(hash_segment, candidates, meter)))


def _blocks(ranges: Sequence[ScannedSegment]) -> list[bytes]:
    """Return the digests of a file's blocks; ranges beyond its end, as it now is, have none."""
    first, *others = ranges
    return [*first.blocks, *(block for each in others if each.size for block in each.blocks)]


def _by_file(segments: Segments, scanned: Sequence[ScannedSegment]) -> list[ScannedFile]:
    """Put the segments of each file together."""
    parts: list[list[ScannedSegment]] = [[] for _ in segments.files]
    for segment, result in zip(segments, scanned, strict=True):
        parts[segment.position].append(result)
    files = [
        ScannedFile(
            file.name,
            sum(result.size for result in results),
            digest_of_blocks(_blocks(results)),
            any(result.is_readable for result in results),
            sum((result.counts for result in results), ScanCounts()),
        )
        for file, results in zip(segments.files, parts, strict=True)
    ]
    if not any(file.is_readable for file in files):
        names = ", ".join(file.name for file in files[:3])
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        raise InputError(f"{names}{more}: cannot be read; check permissions and file types")
    return files


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
        scanned.shelves.attempts(number),
        scanned.shelves.challenges(number),
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
    for number in range(scanned.partitions):
        yield from settle_partition(
            number, scanned, counts, set_aside, allow_unsafe_text=allow_unsafe_text
        )


def _partition_count(files: Sequence[LogFile], partition_bytes: int) -> int:
    """Return a power of two; it shapes memory only, never the output."""
    expected = sum(file.size * (_EXPANSION if file.compression else 1) for file in files)
    if any(file.path is None for file in files):
        expected += 64 * partition_bytes
    most = max(1, min(_MOST_PARTITIONS, _MOST_OFFSETS // max(1, len(files))))
    wanted = min(max(1, expected // partition_bytes), most)
    return 1 << (wanted - 1).bit_length()
