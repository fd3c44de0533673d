"""The build tasks: each builds a partition, and leaves its rows in bins."""

from contextlib import closing

from botcoin_dpo.building.partition import build_partition
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.engines.stored_bins import fill_stored
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.scan_bins import ScanBins, references_in
from botcoin_dpo.stages.plan import as_planned
from botcoin_dpo.stages.scanning import scan_bins, scanned_segments
from botcoin_dpo.stages.summaries import BuildSummary
from botcoin_dpo.stages.work import TaskResult, Work


def run_build(work: Work, number: int, progress: Progress | None = None) -> TaskResult:
    """Build one partition.

    Args:
        work: what was planned; all scans are done.
        number: of the partition; the first is 1.
        progress: called when it is built.

    Raises:
        UsageError: there is no such partition, or a scan is not done.
        InputError: a log has changed since it was scanned, or it, or what a scan left, cannot be
            read any more.
        OutputError: there is no room.
    """
    return work.run("build", number, work.plan.builds, lambda each: _build(work, each, progress))


def _build(work: Work, number: int, progress: Progress | None) -> BuildSummary:
    plan = work.plan
    options = plan.options.options()
    keys = options.part_keys
    references = references_in(scan_bins(work), ScanBins(plan.partitions), number - 1)
    segments = plan.segments()
    # Messages name lines, so the segments must know how many came before each.
    segments.count_lines([segment.lines_ended for segment in scanned_segments(work)])
    counter = ProgressCounter(progress, "pairing", 1)
    with (
        scratch_folder() as scratch,
        listening(counter.add),
        as_planned(),
        closing(RecordsInPlace(segments)) as in_place,
    ):
        name = work.name("build", number, "bins")
        built = fill_stored(
            work.folder, name, len(keys) + 1, scratch,
            build_partition, references, in_place, options,
        )  # fmt: skip
    return BuildSummary.of(built, keys)
