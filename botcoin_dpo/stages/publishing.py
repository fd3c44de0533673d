"""The last task: puts what all others left together, and publishes it."""

from pathlib import Path

from botcoin_dpo.building.built import Built, add_up
from botcoin_dpo.building.gates import BuildGates
from botcoin_dpo.building.publishing import publish_built, staging_of
from botcoin_dpo.building.result import BuildResult
from botcoin_dpo.dataset.line_files import WrittenFile
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.files.local_paths import output_place
from botcoin_dpo.logs.gathering import gather
from botcoin_dpo.logs.scan_bins import ScanBins
from botcoin_dpo.logs.scan_logs import rejections_in
from botcoin_dpo.stages.scanning import scan_bins, scanned_segments
from botcoin_dpo.stages.sharding import built_partitions, planned_shards
from botcoin_dpo.stages.summaries import ShardSummary
from botcoin_dpo.stages.work import Work


def run_publish(
    work: Work, gates: BuildGates, *, allow_empty: bool = False, overwrite: bool = False
) -> BuildResult:
    """Publish what was planned.

    Args:
        work: what was planned; all other tasks are done.
        gates: what it must be like.
        allow_empty: publish it even if the logs hold no attempt.
        overwrite: replace a previous build.

    Raises:
        UsageError: a task is not done.
        InputError: what one left cannot be read, or there is no attempt in the logs.
        OutputError: it cannot be published.
    """
    plan = work.plan
    planned = planned_shards(work)
    work.require("shard", len(planned))
    out = output_place(plan.out, "--out")
    with staging_of(out, overwrite=overwrite) as (staging, scratch):
        assert staging is not None  # there is a place to publish at
        written = []
        for number, file in enumerate(planned, start=1):
            made = work.summary("shard", number, ShardSummary)
            written.append(WrittenFile(file.path, file.key, file.lines, made.bytes, made.sha256))
            staging.add(file.path, work.folder.place(work.name("shard", number, "file")))
        return publish_built(
            _add_up(work, written, scratch),
            staging,
            plan.options.options(),
            gates=gates,
            allow_empty=allow_empty,
            arguments=plan.logs,
            files=plan.found().files,
            out=out,
        )


def _add_up(work: Work, written: list[WrittenFile], scratch: Path) -> Built:
    """Return what all tasks left, as one build."""
    plan = work.plan
    segments, bins, numbers = plan.segments(), scan_bins(work), ScanBins(plan.partitions)
    gathered = gather(segments, scanned_segments(work))
    quarantine = Quarantine(segments, scratch)
    quarantine.add(rejections_in(bins, numbers, gathered), gathered.rejections)
    return add_up(
        gathered.files,
        plan.found(),
        built_partitions(work),
        quarantine,
        written,
        plan.options.options(),
    )
