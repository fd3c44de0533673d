"""The shards: one task decides which lines go into which file, and the others write a file each."""

from itertools import groupby

from botcoin_dpo.building.built import BuiltPartitions
from botcoin_dpo.dataset.file_plan import Piece, PlannedFile, file_path, plan_files
from botcoin_dpo.dataset.line_files import write_file
from botcoin_dpo.dataset.parts import Part
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.engines.stored_bins import StoredBlob
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.stages.summaries import (
    BuildSummary,
    PlannedPiece,
    PlannedShard,
    ShardPlan,
    ShardSummary,
)
from botcoin_dpo.stages.work import TaskResult, Work


def run_plan_shards(work: Work) -> int:
    """Decide which lines go into which file, and return how many files there are.

    Args:
        work: what was planned; all builds are done.

    Raises:
        UsageError: a build is not done.
        InputError: what a build left cannot be read.
        OutputError: there is no room.
    """
    work.run("plan-shards", 1, 1, lambda _: _plan_shards(work))
    return len(planned_shards(work))


def run_shard(work: Work, number: int, progress: Progress | None = None) -> TaskResult:
    """Write one file of the dataset.

    Args:
        work: what was planned, shards included.
        number: of the file; the first is 1.
        progress: called with bytes written.

    Raises:
        UsageError: there is no such file, or they are not planned yet.
        InputError: what a build left cannot be read.
        OutputError: there is no room.
    """
    planned = planned_shards(work)

    def write(number: int) -> ShardSummary:
        return _write_shard(work, number, planned[number - 1], progress)

    return work.run("shard", number, len(planned), write)


def built_partitions(work: Work) -> BuiltPartitions:
    """Return what all builds left.

    Raises:
        UsageError: a build is not done.
        InputError: what one left cannot be read.
    """
    work.require("build", work.plan.builds)
    keys = work.plan.options.options().part_keys
    partitions = BuiltPartitions(keys)
    for number in range(1, work.plan.builds + 1):
        summary = work.summary("build", number, BuildSummary)
        if len(summary.sizes) != len(keys):
            raise work.damaged("build", number)
        partitions.add(summary.built(keys), work.bins("build", number, len(keys) + 1))
    return partitions


def planned_shards(work: Work) -> list[PlannedFile]:
    """Return the files of the dataset that hold lines.

    Raises:
        UsageError: they are not planned yet.
        InputError: what was planned cannot be read.
    """
    work.require("plan-shards", 1)
    shards = work.summary("plan-shards", 1, ShardPlan).shards
    keys = work.plan.options.options().part_keys
    planned = []
    for number, group in groupby(shards, key=lambda shard: shard.key):
        if not 0 <= number < len(keys):
            raise work.damaged("plan-shards", 1)
        files = list(group)
        planned += [
            PlannedFile(
                file_path(keys[number], at, len(files)),
                keys[number],
                shard.lines,
                [_piece(work, piece) for piece in shard.pieces],
            )
            for at, shard in enumerate(files)
        ]
    return planned


def _plan_shards(work: Work) -> ShardPlan:
    options = work.plan.options.options()
    keys = options.part_keys
    names = {work.name("build", n, "bins"): n for n in range(1, work.plan.builds + 1)}
    planned = plan_files(built_partitions(work).parts, keys, options.shard_bytes)
    return ShardPlan(
        [
            PlannedShard(
                keys.index(file.key), file.lines, [_stored(piece, names) for piece in file.pieces]
            )
            for file in planned
        ]
    )


def _stored(piece: Piece, builds: dict[str, int]) -> PlannedPiece:
    """Return where a piece lies in what a build left."""
    blob = piece.part.blob
    assert isinstance(blob, StoredBlob)
    return PlannedPiece(builds[blob.name], blob.start + piece.start, blob.start + piece.end)


def _piece(work: Work, piece: PlannedPiece) -> Piece:
    size = piece.end - piece.start
    name = work.name("build", piece.build, "bins")
    part = Part(StoredBlob(work.folder, name, piece.start, piece.end), 0, size)
    return Piece(part, 0, size)


def _write_shard(
    work: Work, number: int, planned: PlannedFile, progress: Progress | None
) -> ShardSummary:
    counter = ProgressCounter(progress, "writing", planned.bytes)
    with scratch_folder() as scratch, listening(counter.add):
        written = write_file(planned, scratch)
        work.folder.put(work.name("shard", number, "jsonl"), scratch / written.path)
    return ShardSummary(written.bytes, written.sha256)
