"""Scan all log files: every segment on its own, then put together what the scans found.

`build`, `stats`, `audit` and `read_attempts` start here. Contract: schemas/README.md, "Input".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from heapq import merge
from itertools import pairwise
from pathlib import Path

from botcoin_dpo.contract.limits import DEFAULT_RECORD_MB, MEGABYTE
from botcoin_dpo.contract.rejections import Reason
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.bin_merging import BinMerger
from botcoin_dpo.engines.blobs import BinPlan, Bins, Blob, Filled, HeldBlob
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import UsageError, writing
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.files.segments import BLOCK, Segments, group_ends
from botcoin_dpo.logs.gathering import Gathered, ScannedFile, gather
from botcoin_dpo.logs.index import KnownSegment, PreviousIndex, hash_segment
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.rejected_records import pack_rejection
from botcoin_dpo.logs.scan import ScanJob, ScannedSegment, ScanPlan, scan_group
from botcoin_dpo.logs.scan_bins import References, ScanBins, references_in

PARTITION_BYTES = 32 * 10**6
"""Bytes of logs that a partition is planned to hold."""

_MOST_PARTITIONS = 4096

_GROUPS = 8
"""Groups of segments for each worker, if there are few, so that all have work until the end."""


@dataclass(frozen=True, slots=True)
class ScannedLogs:
    """All log files, scanned."""

    segments: Segments
    files: list[ScannedFile]
    rejected: Counter[Reason]
    """How many records cannot be used, and why."""
    rejections: list[Blob]
    """What cannot be used, in the order of the logs; see `RejectionReader`."""
    index: Blob
    """Frames of the index, of all segments."""
    index_sizes: Sequence[int]
    """Bytes of the frames of each segment."""
    in_place: RecordsInPlace
    """Reads again those records that do not travel with their references."""
    partitions: int
    _bins: Bins

    def references(self) -> Iterator[References]:
        """Yield the references of each partition, and the records that travel with them."""
        numbers = ScanBins(self.partitions)
        for partition in range(self.partitions):
            yield references_in(self._bins, numbers, partition)


@contextmanager
def scan_logs(
    files: Sequence[LogFile],
    scratch: Path,
    engine: Engine,
    *,
    record_limit: int,
    partition_bytes: int = PARTITION_BYTES,
    previous: PreviousIndex | None = None,
    progress: Progress | None = None,
) -> Iterator[ScannedLogs]:
    """Scan all log files, and yield what they hold as long as it is needed.

    Args:
        files: the files, in order.
        scratch: a folder for references, quarantine entries, records that travel with references.
        engine: runs the scans.
        record_limit: most bytes of a record.
        partition_bytes: bytes of logs that a partition is planned to hold.
        previous: what is known of files from a previous build.
        progress: called with bytes read.

    Raises:
        InputError: nothing in any file can be read.
        UsageError: the engine cannot read a file.
    """
    if not engine.sees_files:
        files = list(map(_for_other_machines, files))
    folder = scratch / "scans"
    with writing(folder):
        folder.mkdir()
    segments = Segments(files)
    counter = ProgressCounter(progress, "reading", sum(segment.size for segment in segments))
    partitions = _partition_count(segments, partition_bytes)
    known = {} if previous is None else _known_segments(previous, segments, engine, progress)
    numbers = ScanBins(partitions)
    bin_plan = BinPlan(numbers.count, folder, together=numbers.of_partitions)
    jobs = [ScanJob(segment, known.get(segment.number)) for segment in segments]
    plan = ScanPlan(numbers, record_limit, is_elsewhere=not engine.sees_files)
    filled = _scan_all(jobs, plan, bin_plan, engine, counter)
    merger = BinMerger(engine, bin_plan)
    gathered = gather(segments, _merged(filled, merger))
    bins = merger.finish()
    with closing(RecordsInPlace(segments)) as in_place:
        yield ScannedLogs(
            segments,
            gathered.files,
            gathered.rejections,
            rejections_in(bins, numbers, gathered),
            bins.blob(numbers.index),
            gathered.index_sizes,
            in_place,
            partitions,
            bins,
        )


def rejections_in(bins: Bins, numbers: ScanBins, gathered: Gathered) -> list[Blob]:
    """Return the quarantine entries of all scans, and those that none of them could know of."""
    lost = b"".join(map(pack_rejection, gathered.lost_ranges))
    return [bins.blob(numbers.rejections), HeldBlob(lost)]


@contextmanager
def scan_in_scratch(
    files: Sequence[LogFile], engine: Engine, progress: Progress | None = None
) -> Iterator[ScannedLogs]:
    """Scan all log files by the default limits, in a scratch folder of its own; see `scan_logs`."""
    limit = DEFAULT_RECORD_MB * MEGABYTE
    with (
        scratch_folder() as scratch,
        scan_logs(files, scratch, engine, record_limit=limit, progress=progress) as scanned,
    ):
        yield scanned


def _for_other_machines(file: LogFile) -> LogFile:
    """Return a file as other machines find it.

    Raises:
        UsageError: they do not.
    """
    if file.path is None:
        raise UsageError(f"{file.name}: a cluster cannot read standard input; name log files")
    if isinstance(file.path, Path):
        return replace(file, path=file.path.absolute())
    return file


def _scan_all(
    jobs: Sequence[ScanJob],
    plan: ScanPlan,
    bins: BinPlan,
    engine: Engine,
    counter: ProgressCounter,
) -> Iterator[Filled]:
    """Yield what the scan of each group of segments found, in their order."""
    groups = _groups(jobs, engine.workers)
    # A worker has no standard input.
    here = [group for group in groups if group[0].segment.file.path is None]
    elsewhere = [group for group in groups if group[0].segment.file.path is not None]

    def scan(engine: Engine, groups: Iterable[Sequence[ScanJob]]) -> Iterator[Filled]:
        return run_jobs(engine, scan_group, groups, counter, plan, bins=bins)

    scanned = list(scan(SingleProcess(), here))
    both = zip(here, scanned, strict=True), zip(elsewhere, scan(engine, elsewhere), strict=True)
    for _, found in merge(*both, key=lambda pair: pair[0][0].segment.number):
        yield found


def _groups(jobs: Sequence[ScanJob], workers: int) -> list[Sequence[ScanJob]]:
    """Pack small segments together, as each job costs something: up to the size of a large one."""
    segments = [job.segment for job in jobs]
    size = sum(segment.expected_size for segment in segments)
    ends = group_ends(segments, min(BLOCK, size // (workers * _GROUPS)))
    return [jobs[start:end] for start, end in pairwise([0, *ends])]


def _merged(filled: Iterable[Filled], merger: BinMerger) -> Iterator[ScannedSegment]:
    """Yield what the scans tell of each segment; what they put into bins is merged."""
    for scanned, bins in filled:
        merger.add(bins)
        yield from scanned


def _known_segments(
    previous: PreviousIndex, segments: Segments, engine: Engine, progress: Progress | None
) -> dict[int, KnownSegment]:
    """Return the segments of files that are what they were in a previous build."""
    candidates = previous.candidates(segments)
    known = previous.known_by_version(candidates)
    others = [segment for segment in candidates if segment.number not in known]
    counter = ProgressCounter(progress, "comparing", len(others))
    return known | previous.known(others, list(run_jobs(engine, hash_segment, others, counter)))


def _partition_count(segments: Segments, partition_bytes: int) -> int:
    """Return a power of two; it shapes memory only, never the output."""
    expected = sum(segment.expected_size for segment in segments)
    if any(file.path is None for file in segments.files):
        expected += 64 * partition_bytes
    wanted = min(max(1, expected // partition_bytes), _MOST_PARTITIONS)
    return 1 << (wanted - 1).bit_length()
