"""The scan tasks: each scans a group of segments, and leaves what it holds in bins."""

from array import array
from collections.abc import Iterator

from botcoin_dpo.dataset.index_files import IndexPart
from botcoin_dpo.engines.blobs import JoinedBins
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.engines.stored_bins import fill_stored
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.logs.scan import ScanJob, ScannedSegment, ScanPlan, scan_group
from botcoin_dpo.logs.scan_bins import ScanBins
from botcoin_dpo.stages.plan import as_planned, check_unchanged
from botcoin_dpo.stages.summaries import ScanSummary, are_sizes
from botcoin_dpo.stages.work import TaskResult, Work


def run_scan(work: Work, number: int, progress: Progress | None = None) -> TaskResult:
    """Scan one group.

    Args:
        work: what was planned.
        number: of the group; the first is 1.
        progress: called with bytes read.

    Raises:
        UsageError: there is no such group.
        InputError: a log is not what it was when the plan was made.
        OutputError: there is no room.
    """
    return work.run("scan", number, work.plan.scans, lambda group: _scan(work, group, progress))


def scanned_segments(work: Work) -> Iterator[ScannedSegment]:
    """Yield what all scans tell of their segments.

    Raises:
        InputError: what one left cannot be read.
    """
    for scan in range(1, work.plan.scans + 1):
        yield from _segments_of(work, scan)


def index_parts(work: Work) -> Iterator[IndexPart]:
    """Yield what all scans left of the index.

    Raises:
        InputError: what one left cannot be read.
    """
    numbers = ScanBins(work.plan.partitions)
    for scan in range(1, work.plan.scans + 1):
        blob = work.bins("scan", scan, numbers.count).blob(numbers.index)
        sizes = array("Q", (segment.index_size for segment in _segments_of(work, scan)))
        if len(blob) != sum(sizes):
            raise work.damaged("scan", scan)
        yield IndexPart(blob, sizes)


def scan_bins(work: Work) -> JoinedBins:
    """Return what all scans left in bins.

    Raises:
        UsageError: a scan is not done.
    """
    work.require("scan", work.plan.scans)
    count = ScanBins(work.plan.partitions).count
    return JoinedBins([work.bins("scan", scan, count) for scan in range(1, work.plan.scans + 1)])


def _segments_of(work: Work, scan: int) -> list[ScannedSegment]:
    start, end = [0, *work.plan.group_ends][scan - 1 : scan + 1]
    segments = work.summary("scan", scan, ScanSummary).segments
    is_sound = are_sizes(segment.index_size for segment in segments)
    if len(segments) != end - start or not is_sound:
        raise work.damaged("scan", scan)
    return segments


def _scan(work: Work, number: int, progress: Progress | None) -> ScanSummary:
    plan = work.plan
    group = plan.group(number)
    logs = [plan.files[position] for position in sorted({each.position for each in group})]
    numbers = ScanBins(plan.partitions)
    counter = ProgressCounter(progress, "reading", sum(segment.size for segment in group))
    jobs = [ScanJob(segment) for segment in group]
    check_unchanged(logs)
    with scratch_folder() as scratch, listening(counter.add), as_planned():
        scan = ScanPlan(numbers, plan.options.options().record_limit)
        name = work.name("scan", number, "bins")
        scanned = fill_stored(work.folder, name, numbers.count, scratch, scan_group, jobs, scan)
        check_unchanged(logs)
    return ScanSummary(scanned)
